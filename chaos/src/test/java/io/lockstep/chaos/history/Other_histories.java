package io.lockstep.chaos.history;

import static io.lockstep.chaos.history.Written.append;
import static io.lockstep.chaos.history.Written.lock;
import static io.lockstep.chaos.history.Written.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class Other_histories {
  private static final int X = 1;
  private static final int Y = 2;

  private static Written at(Level level) {
    return new Written(level);
  }

  private static Written serializable() {
    return at(Level.SERIALIZABLE);
  }

  private static String endings(Written told) {
    return Written.names(new Endings(told.history()).anomalies());
  }

  private static String sets(Written told) {
    return Written.names(SetCheck.of(told.history()));
  }

  @Test
  void end_as_their_clients_were_told() {
    assertEquals(
        "",
        endings(
            serializable()
                .committed(append(X, 1), append(Y, 1))
                .aborted(append(X, 2))
                .unknown(append(X, 3))
                .unknown(append(X, 4), append(Y, 4))
                .end(X, 1, 4)
                .end(Y, 1, 4)));
  }

  @Test
  void lose_nothing_revive_nothing_and_take_nothing_twice_or_by_halves() {
    assertEquals("lost", endings(serializable().committed(append(X, 1))));
    assertEquals("undead", endings(serializable().aborted(append(X, 1)).end(X, 1)));
    assertEquals("in part", endings(serializable().unknown(append(X, 1), append(Y, 1)).end(X, 1)));
    assertEquals("twice", endings(serializable().committed(append(X, 1)).end(X, 1, 1)));
    assertEquals("from nowhere", endings(serializable().committed(append(X, 1)).end(X, 1, 9)));
  }

  @Test
  void tell_in_the_end_what_became_of_the_unknown() {
    History told = serializable().unknown(append(X, 1)).unknown(append(X, 2)).end(X, 1).history();
    List<Fate> fates =
        new Endings(told).resolved().transactions().stream().map(Transaction::fate).toList();
    assertEquals(List.of(Fate.COMMITTED, Fate.ABORTED), fates);
  }

  @Test
  void of_sets_may_miss_what_comes_later_alone() {
    assertEquals(
        "",
        sets(
            serializable()
                .committed(append(X, 1))
                .committed(read(X, 1), append(X, 2))
                .committed(read(X, 1, 2))
                .end(X, 1, 2)));
  }

  @Test
  void of_sets_are_write_skew_when_both_miss_the_other() {
    for (Level level : Level.values()) {
      Written plain =
          at(level).committed(read(X), append(X, 1)).committed(read(X), append(X, 2)).end(X, 1, 2);
      assertEquals(level == Level.SERIALIZABLE ? "G2" : "(G2)", sets(plain));
      Written locked =
          at(level).committed(lock(X), append(X, 1)).committed(lock(X), append(X, 2)).end(X, 1, 2);
      assertEquals("G2", sets(locked));
    }
  }

  @Test
  void of_sets_are_not_locked_by_an_insert() {
    assertEquals(
        "(G2)",
        sets(
            at(Level.REPEATABLE_READ)
                .committed(append(X, 1), read(X, 1))
                .committed(append(X, 2), read(X, 2))
                .end(X, 1, 2)));
  }

  @Test
  void of_sets_never_show_a_later_element_without_an_earlier_one_of_a_session() {
    assertEquals(
        "G-single",
        sets(
            at(Level.REPEATABLE_READ)
                .inSession(1, append(X, 1))
                .inSession(1, append(X, 2))
                .committed(read(X, 2))
                .end(X, 1, 2)));
    assertEquals("G1a", sets(serializable().aborted(append(X, 1)).committed(read(X, 1))));
  }

  @Test
  void of_counters_add_up() {
    Written lost =
        serializable()
            .committed(lock(X, 0), Operation.add(X, 1))
            .committed(lock(X, 0), Operation.add(X, 1))
            .end(X, 1);
    List<Anomaly> anomalies = new SumCheck(lost.history(), 0, key -> true).lostUpdates();
    assertEquals("lost update", Written.names(anomalies));
    assertTrue(anomalies.get(0).story().contains("0 was read by [T1000.0"), anomalies::toString);
    assertEquals(
        "(lost update)",
        Written.names(new SumCheck(lost.history(), 0, key -> false).lostUpdates()));
    Written right = serializable().committed(Operation.add(X, 1)).end(X, 1);
    assertEquals(List.of(), new SumCheck(right.history(), 0, key -> true).lostUpdates());
  }

  @Test
  void of_accounts_keep_their_total() {
    Written torn = serializable().committed(read(0, 9), read(1, 10)).end(0, 10).end(1, 10);
    assertEquals("total", Written.names(new SumCheck(torn.history(), 10, key -> true).totals(2)));
    Written whole = serializable().committed(read(0, 9), read(1, 11)).end(0, 10).end(1, 10);
    assertEquals(List.of(), new SumCheck(whole.history(), 10, key -> true).totals(2));
    Written gone = serializable().end(0, 10).end(1, 9);
    assertEquals("total", Written.names(new SumCheck(gone.history(), 10, key -> true).totals(2)));
  }

  @Test
  void of_pairs_always_show_one_of_them() {
    Written skewed = serializable().committed(read(0, 0), read(1, 0)).end(0, 1).end(1, 1);
    assertEquals(
        "write skew", Written.names(new SkewCheck(skewed.history(), pair -> true).anomalies()));
    Written fine = serializable().committed(read(0, 0), read(1, 1)).end(0, 1).end(1, 0);
    assertEquals(List.of(), new SkewCheck(fine.history(), pair -> true).anomalies());
    Written over = serializable().end(0, 0).end(1, 0);
    assertEquals(
        "(write skew)", Written.names(new SkewCheck(over.history(), pair -> false).anomalies()));
  }
}
