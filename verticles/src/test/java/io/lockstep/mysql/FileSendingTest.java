package io.lockstep.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class FileSendingTest {
  private static final List<Buffer> FILE = List.of(Buffer.buffer("rows"));

  private final Wire wire = new Wire();
  private FileSending files;

  @BeforeEach
  void begin(Vertx vertx) {
    files = new FileSending(new CommandBuffer(vertx.getOrCreateContext(), wire));
  }

  @Test
  void what_is_sent_before_the_file_is_asked_for_goes_out_behind_it() {
    files.behind(() -> wire.said.add("before"));
    files.expect(FILE);
    files.behind(() -> wire.said.add("rollback"));
    assertEquals(List.of("before"), wire.said);
    assertEquals(2, files.send(FILE, 2));
    assertEquals(List.of("before", "4:2", "0:3", "rollback"), wire.said);
  }

  @Test
  void a_database_that_does_not_ask_holds_nothing_back() {
    files.expect(FILE);
    files.behind(() -> wire.said.add("next"));
    files.over(FILE);
    files.behind(() -> wire.said.add("last"));
    assertEquals(List.of("next", "last"), wire.said);
  }

  @Test
  void a_second_file_is_waited_for_by_itself() {
    List<Buffer> second = List.of(Buffer.buffer("more"));
    files.expect(FILE);
    files.behind(() -> files.expect(second));
    files.behind(() -> wire.said.add("last"));
    files.send(FILE, 2);
    files.over(FILE);
    assertEquals(List.of("4:2", "0:3"), wire.said);
    files.send(second, 2);
    assertEquals(List.of("4:2", "0:3", "4:2", "0:3", "last"), wire.said);
  }

  @Test
  void a_long_file_goes_out_in_pieces_whose_numbers_go_on() {
    assertEquals(4, files.send(List.of(Buffer.buffer(new byte[(2 << 20) + 1])), 254));
    assertEquals(List.of("1048576:254", "1048576:255", "1:0", "0:1"), wire.said);
  }

  /** Notes the length and sequence id of each packet. */
  private static final class Wire implements WriteStream<Buffer> {
    private final List<String> said = new ArrayList<>();

    @Override
    public Future<Void> write(Buffer packet) {
      said.add(packet.getUnsignedMediumLE(0) + ":" + packet.getUnsignedByte(3));
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> end() {
      return Future.succeededFuture();
    }

    @Override
    public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
      return this;
    }

    @Override
    public boolean writeQueueFull() {
      return false;
    }

    @Override
    public WriteStream<Buffer> drainHandler(Handler<Void> handler) {
      return this;
    }

    @Override
    public WriteStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
      return this;
    }
  }
}
