package io.lockstep.chaos.history;

import static io.lockstep.chaos.history.Written.append;
import static io.lockstep.chaos.history.Written.lock;
import static io.lockstep.chaos.history.Written.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The examples of the literature, each by its name. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class Lists_in_a_history {
  private static final int X = 1;
  private static final int Y = 2;

  private static void names(String serializable, String repeatable, UnaryOperator<Written> told) {
    assertEquals(serializable, check(Level.SERIALIZABLE, told), "at SERIALIZABLE");
    assertEquals(repeatable, check(Level.REPEATABLE_READ, told), "at REPEATABLE READ");
  }

  private static String check(Level level, UnaryOperator<Written> told) {
    return Written.names(ListCheck.of(told.apply(new Written(level)).history()));
  }

  @Test
  void that_one_order_explains_are_fine() {
    names(
        "",
        "",
        h ->
            h.committed(append(X, 1), append(Y, 1))
                .committed(read(X, 1), append(X, 2), read(X, 1, 2))
                .committed(read(X, 1, 2), read(Y, 1))
                .aborted(append(X, 3), read(X, 1, 3))
                .end(X, 1, 2)
                .end(Y, 1));
  }

  @Test
  void written_in_two_orders_are_G0() {
    names(
        "G0",
        "G0",
        h ->
            h.committed(append(X, 1), append(Y, 1))
                .committed(append(X, 2), append(Y, 2))
                .end(X, 1, 2)
                .end(Y, 2, 1));
  }

  @Test
  void read_from_the_aborted_are_G1a() {
    names("G1a", "G1a", h -> h.aborted(append(X, 1)).committed(read(X, 1)));
  }

  @Test
  void read_half_written_are_G1b() {
    names(
        "G1b",
        "G1b",
        h -> h.committed(append(X, 1), append(X, 2)).committed(read(X, 1)).end(X, 1, 2));
  }

  @Test
  void read_in_a_circle_are_G1c() {
    names(
        "G1c",
        "G1c",
        h ->
            h.committed(append(X, 1), read(Y, 1))
                .committed(append(Y, 1), read(X, 1))
                .end(X, 1)
                .end(Y, 1));
  }

  @Test
  void read_as_two_snapshots_are_G_single() {
    names(
        "G-single",
        "G-single",
        h ->
            h.committed(append(X, 1), append(Y, 1))
                .committed(read(X, 1), read(Y))
                .end(X, 1)
                .end(Y, 1));
  }

  @Test
  void written_after_an_old_snapshot_are_what_InnoDB_allows_below_SERIALIZABLE() {
    names(
        "G-single",
        "(G-single)",
        h -> h.committed(append(X, 1)).committed(read(X), append(X, 2)).end(X, 1, 2));
  }

  @Test
  void written_after_a_lock_that_did_not_hold_are_never_allowed() {
    names(
        "G-single",
        "G-single",
        h -> h.committed(append(X, 1)).committed(lock(X), append(X, 2)).end(X, 1, 2));
  }

  @Test
  void read_back_without_what_came_before_them_are_never_allowed() {
    names(
        "fork",
        "fork",
        h -> h.committed(append(X, 1)).committed(append(X, 2), read(X, 2)).end(X, 1, 2));
  }

  @Test
  void each_missed_by_the_other_are_write_skew() {
    names(
        "G2",
        "(G2)",
        h ->
            h.committed(read(X), append(Y, 1))
                .committed(read(Y), append(X, 1))
                .end(X, 1)
                .end(Y, 1));
    names(
        "G2",
        "G2",
        h ->
            h.committed(lock(X), append(Y, 1))
                .committed(lock(Y), append(X, 1))
                .end(X, 1)
                .end(Y, 1));
  }

  @Test
  void that_a_session_saw_may_not_be_gone_for_it_later() {
    names(
        "G-single",
        "G-single",
        h -> h.committed(append(X, 1)).inSession(7, read(X, 1)).inSession(7, read(X)).end(X, 1));
    names(
        "",
        "",
        h -> h.committed(append(X, 1)).inSession(7, read(X, 1)).inSession(8, read(X)).end(X, 1));
  }

  @Test
  void read_in_another_order_than_the_last_are_a_fork() {
    names(
        "fork",
        "fork",
        h -> h.committed(append(X, 1)).committed(append(X, 2)).committed(read(X, 2)).end(X, 1, 2));
  }

  @Test
  void without_their_readers_own_write_are_wrong_inside() {
    names(
        "internal",
        "internal",
        h -> h.committed(append(X, 1)).committed(append(X, 2), read(X, 1)).end(X, 1, 2));
  }

  @Test
  void are_told_by_the_shortest_circle_alone() {
    Written many = new Written(Level.SERIALIZABLE);
    many.committed(read(X), append(Y, 1)).committed(read(Y), append(X, 1));
    for (int i = 10; i < 50; i++) {
      many.committed(append(i, 1), read(X, 1), read(Y, 1)).end(i, 1);
    }
    List<Anomaly> anomalies = ListCheck.of(many.end(X, 1).end(Y, 1).history());
    assertEquals(1, anomalies.size());
    String story = anomalies.get(0).story();
    assertEquals(4, story.strip().lines().count(), story);
    assertTrue(story.contains("read 1 [] misses 1"), story);
  }
}
