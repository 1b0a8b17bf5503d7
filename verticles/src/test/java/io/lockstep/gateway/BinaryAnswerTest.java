package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.ColumnDefinition;
import io.lockstep.mysql.ErrPacket;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.PacketWriter;
import io.lockstep.mysql.RelaySink;
import io.lockstep.mysql.ReplySummary;
import io.lockstep.mysql.ResultSet;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BinaryAnswerTest {
  private static final Bytes SEVEN = Bytes.ofLatin1("\0\0\7\0\0\0\0\0\0\0\3Ann");
  private static final Bytes NOTHING = Bytes.ofLatin1("\0\14");

  private Buffer sent = Buffer.buffer();
  private final Taking taking = new Taking();
  private final BinaryAnswer answer = new BinaryAnswer(taking);

  private static ResultSet text() {
    return new ResultSet(
        List.of(ColumnDefinition.count("id"), ColumnDefinition.text("name", 100)),
        List.of(
            List.of(Optional.of(Bytes.utf8("7")), Optional.of(Bytes.utf8("Ann"))),
            List.of(Optional.empty(), Optional.empty())));
  }

  @Test
  void a_collected_result_has_binary_rows_and_its_definitions_as_they_are() {
    List<Bytes> payloads = Payloads.of(text().text(1, 2, 0));
    answer.packets(payloads);
    List<Bytes> expected = new ArrayList<>(payloads);
    expected.set(4, SEVEN);
    expected.set(5, NOTHING);
    assertEquals(expected, taking.packets);
  }

  @Test
  void an_error_behind_rows_stays_one() {
    List<Bytes> payloads = new ArrayList<>(Payloads.of(text().text(1, 2, 0)));
    Bytes error = Payloads.of(error(1).toBuffer()).get(0);
    payloads.set(6, error);
    answer.packets(payloads);
    assertEquals(error, taking.packets.get(6));
  }

  @Test
  void a_streamed_result_is_the_same_wherever_its_bytes_are_cut() {
    answer.packets(Payloads.of(text().text(1, 2, 0)));
    Buffer whole = text().text(1, 2, 0);
    for (int cut = 5; cut < whole.length(); cut++) {
      RelaySink sink = answer.stream().orElseThrow();
      sent = Buffer.buffer();
      for (Buffer part : List.of(whole.slice(0, cut), whole.slice(cut, whole.length()))) {
        Buffer passing = part.copy();
        sink.frames(passing);
        passing.setBytes(0, new byte[passing.length()]);
      }
      assertEquals(taking.packets, Payloads.of(sent));
      assertEquals(7, sent.getUnsignedByte(sent.length() - 9 + 3));
    }
  }

  private static PacketWriter error(int sequence) {
    return ErrPacket.encode(
        new PacketWriter(sequence), new MySqlError(1062, "23000", "Duplicate entry"));
  }

  /** Takes whatever comes. */
  private final class Taking implements Answer {
    private List<Bytes> packets = List.of();

    @Override
    public void ok(OkPacket ok) {}

    @Override
    public void error(MySqlError error) {}

    @Override
    public void packets(List<Bytes> payloads) {
      packets = payloads;
    }

    @Override
    public Optional<RelaySink> stream() {
      return Optional.of(
          new RelaySink() {
            @Override
            public void frames(Buffer frames) {
              sent.appendBuffer(frames);
            }

            @Override
            public boolean full() {
              return false;
            }

            @Override
            public void whenDrained(Runnable resume) {
              resume.run();
            }
          });
    }

    @Override
    public Future<Void> streamed(ReplySummary summary) {
      return Future.succeededFuture();
    }

    @Override
    public boolean begun() {
      return false;
    }
  }
}
