package io.lockstep.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AnswerDigestTest {
  private static ResultSet rows(String... values) {
    List<List<Optional<Bytes>>> rows =
        Arrays.stream(values).map(value -> List.of(Optional.of(Bytes.utf8(value)))).toList();
    return new ResultSet(List.of(ColumnDefinition.text("v", 100)), rows);
  }

  private static Buffer wire(ResultSet set) {
    return set.text(0, 2, 0);
  }

  private static long streamed(Buffer wire, int piece) {
    AnswerDigest digest = new AnswerDigest();
    Promise<ReplySummary> promise = Promise.promise();
    ArrayDeque<Exchange> waiting = new ArrayDeque<>();
    waiting.add(
        new RelayExchange(
            1,
            0,
            ReplyShape.RESULTS,
            0,
            RelaySink.NOWHERE,
            () -> {},
            Optional.of(digest),
            promise));
    FrameScanner scanner = new FrameScanner(waiting, Exchange::finish, extra -> {});
    for (int at = 0; at < wire.length(); at += piece) {
      scanner.feed(wire.getBuffer(at, Math.min(wire.length(), at + piece)));
    }
    return digest.of(promise.future().result(), 0);
  }

  private static long whole(ResultSet set) {
    Buffer wire = wire(set);
    return streamed(wire, wire.length());
  }

  @Test
  void is_the_same_however_the_answer_is_cut() {
    Buffer wire = wire(rows("one", "", "three".repeat(100)));
    long known = streamed(wire, wire.length());
    for (int piece : new int[] {1, 2, 3, 4, 5, 7, 11, 64, 100}) {
      assertEquals(known, streamed(wire, piece), "in pieces of " + piece);
    }
  }

  @Test
  void does_not_depend_on_the_order_of_the_rows() {
    assertEquals(whole(rows("a", "b", "c")), whole(rows("c", "a", "b")));
  }

  @Test
  void differs_for_other_rows_and_for_more_of_the_same() {
    assertNotEquals(whole(rows("a", "b")), whole(rows("a", "c")));
    assertNotEquals(whole(rows("a", "b")), whole(rows("a", "b", "b")));
    assertNotEquals(whole(rows()), whole(rows("")));
    assertNotEquals(whole(rows("ab", "c")), whole(rows("a", "bc")));
  }

  private static long error(int code) {
    return AnswerDigest.of(new Reply.Err(new MySqlError(code, "HY000", "so it is")));
  }

  /** The server's own statistics decide which row it comes to first. */
  @Test
  void does_not_depend_on_which_row_was_the_first_to_fail() {
    assertEquals(error(1062), error(4025));
    assertEquals(error(1452), error(1264));
    assertNotEquals(error(1062), error(1146));
    assertNotEquals(error(1205), error(1146));
  }

  @Test
  void tells_counts_and_errors_apart() {
    long one = AnswerDigest.of(new Reply.Ok(OkPacket.of(1, 0, 2, 0, "")));
    assertEquals(one, AnswerDigest.of(new Reply.Ok(OkPacket.of(1, 0, 3, 7, "other text"))));
    assertNotEquals(one, AnswerDigest.of(new Reply.Ok(OkPacket.of(2, 0, 2, 0, ""))));
    assertNotEquals(one, AnswerDigest.of(new Reply.Ok(OkPacket.of(1, 9, 2, 0, ""))));
    long duplicate = AnswerDigest.of(new Reply.Err(new MySqlError(1062, "23000", "Duplicate '1'")));
    assertEquals(
        duplicate, AnswerDigest.of(new Reply.Err(new MySqlError(1062, "23000", "Duplicate '2'"))));
    assertNotEquals(
        duplicate, AnswerDigest.of(new Reply.Err(new MySqlError(1146, "42S02", "No table"))));
  }

  @Test
  void of_a_collected_reply_is_that_of_the_same_reply_streamed() {
    ResultSet set = rows("x", "y");
    Buffer wire = wire(set);
    Promise<Reply> promise = Promise.promise();
    ArrayDeque<Exchange> waiting = new ArrayDeque<>();
    waiting.add(new CollectExchange(1, 0, ReplyShape.RESULTS, 0, 1 << 20, promise));
    new FrameScanner(waiting, Exchange::finish, extra -> {}).feed(wire);
    assertEquals(streamed(wire, 3), AnswerDigest.of(promise.future().result()));
  }
}
