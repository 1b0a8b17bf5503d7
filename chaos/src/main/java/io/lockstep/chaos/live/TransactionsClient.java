package io.lockstep.chaos.live;

import io.lockstep.chaos.history.Fate;
import io.lockstep.chaos.history.Operation;
import io.lockstep.chaos.history.Transaction;
import io.lockstep.chaos.workload.Sql;
import io.lockstep.chaos.workload.Workload;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** One client: runs transactions of a workload one after the other until it is told to stop. */
final class TransactionsClient implements Runnable {
  private static final Duration RECONNECT_PAUSE = Duration.ofMillis(100);
  private static final int DEADLOCK = 1213;
  private static final int LOCK_WAIT_TIMEOUT = 1205;

  private final int number;
  private final Workload workload;
  private final TransactionsRound round;
  private final Random random;
  private int gateway;
  private int session;
  private int next;

  TransactionsClient(int number, Workload workload, TransactionsRound round, Random random) {
    this.number = number;
    this.workload = workload;
    this.round = round;
    this.random = random;
    this.gateway = number;
  }

  @Override
  public void run() {
    while (!round.stopped()) {
      NodeProcess at = round.gateway(gateway++);
      session = round.nextSession();
      next = 0;
      try (Sql sql = Sql.connect(round.url(at), round.level(), number % 2 == 1)) {
        while (!round.stopped() && transaction(sql, at)) {
          next++;
        }
      } catch (SQLException e) {
        round.error(at, describe(e));
        Waiting.sleep(RECONNECT_PAUSE);
      }
    }
  }

  /** Returns whether the connection can go on. */
  private boolean transaction(Sql sql, NodeProcess at) {
    List<Operation> noted = new ArrayList<>();
    boolean committing = false;
    try {
      sql.begin();
      workload.run(sql, random, noted);
      committing = true;
      sql.commit();
      round.note(told(at, noted, Fate.COMMITTED));
      return true;
    } catch (SQLException e) {
      boolean lost = connectionLost(e);
      round.note(told(at, noted, lost && committing ? Fate.UNKNOWN : Fate.ABORTED));
      if (e.getErrorCode() == DEADLOCK || e.getErrorCode() == LOCK_WAIT_TIMEOUT) {
        round.conflict(e.getErrorCode() + (committing ? " at COMMIT" : " before COMMIT"));
      } else {
        round.error(at, describe(e));
      }
      return !lost && ended(sql, at, e.getErrorCode() == DEADLOCK);
    }
  }

  private Transaction told(NodeProcess at, List<Operation> noted, Fate fate) {
    return new Transaction(session, next, at.node(), noted, fate);
  }

  /** After a deadlock nothing is left, so that COMMIT must do as little as ROLLBACK. */
  private boolean ended(Sql sql, NodeProcess at, boolean deadlock) {
    try {
      if (deadlock && random.nextBoolean()) {
        sql.execute("COMMIT");
      } else {
        sql.execute("ROLLBACK");
      }
      return true;
    } catch (SQLException e) {
      round.error(at, "after an error: " + describe(e));
      return false;
    }
  }

  private static boolean connectionLost(SQLException e) {
    String state = Optional.ofNullable(e.getSQLState()).orElse("");
    return state.startsWith("08") || e.getErrorCode() == 1180;
  }

  private static String describe(SQLException e) {
    String message = Optional.ofNullable(e.getMessage()).orElse("");
    String first = message.lines().findFirst().orElse("").replaceAll("\\(conn=\\d+\\) ", "");
    return e.getErrorCode() + "/" + e.getSQLState() + " " + first;
  }
}
