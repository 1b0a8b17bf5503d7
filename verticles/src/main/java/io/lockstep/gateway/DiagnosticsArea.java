package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.model.Warning;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * What a session's last statement left behind for ROW_COUNT(), FOUND_ROWS(), SHOW WARNINGS and
 * their like, wherever the statement was executed. Lives on the session's context.
 */
final class DiagnosticsArea {
  private Optional<List<Warning>> lines = Optional.of(List.of());
  private int count;
  private long rowCount;
  private Future<Long> foundRows = Future.succeededFuture(0L);
  private boolean failed;

  /** Warnings and errors; empty when the master's database has them. */
  Optional<List<Warning>> lines() {
    return lines;
  }

  /** How many there were, which may be more than were kept. */
  int count() {
    return count;
  }

  long errors() {
    return lines.orElse(List.of()).stream().filter(DiagnosticsArea::isError).count();
  }

  static boolean isError(Warning line) {
    return line.level().equalsIgnoreCase("Error");
  }

  /** The value of ROW_COUNT(). */
  long rowCount() {
    return rowCount;
  }

  /** The value of FOUND_ROWS(), perhaps still on its way from the master's database. */
  Future<Long> foundRows() {
    return foundRows;
  }

  /** Whether the last statement ended with an error. */
  boolean failed() {
    return failed;
  }

  /** A statement ended with an OK. */
  void changed(long affected) {
    rowCount = affected;
    failed = false;
  }

  /** A statement ended with rows. */
  void found(Future<Long> rows) {
    rowCount = -1;
    foundRows = rows;
    failed = false;
  }

  /** A statement ended with an error; only its own database knows what else it had to say. */
  void failed(MySqlError error, boolean atDatabase) {
    rowCount = -1;
    failed = true;
    count = 1;
    lines =
        atDatabase
            ? Optional.empty()
            : Optional.of(List.of(new Warning("Error", error.code(), error.message())));
  }

  /** The warnings of an ordered write. */
  void warned(Outcome outcome) {
    outcome
        .<Runnable>fold(
            done -> () -> warned(done.warnings(), done.warningCount()),
            failure -> () -> explained(failure),
            refused -> () -> {})
        .run();
  }

  /** An ordered write failed, and this is all that its database had to say. */
  void explained(Outcome.Failed failure) {
    if (failure.lines().isEmpty()) {
      warned(List.of(new Warning("Error", failure.code(), failure.message())), 1);
    } else {
      warned(failure.lines(), failure.lines().size());
    }
  }

  /** What a statement said beside its answer, which its database has forgotten. */
  void told(List<Warning> all, int announced) {
    warned(all, Math.max(all.size(), announced));
  }

  /** A statement ended with that many warnings, which its database keeps. */
  void warnedAtDatabase(int warnings) {
    lines = Optional.empty();
    count = warnings;
  }

  /** A statement that uses tables ended without a warning; others leave the list as it is. */
  void cleared() {
    warned(List.of(), 0);
  }

  void reset() {
    cleared();
    rowCount = 0;
    foundRows = Future.succeededFuture(0L);
    failed = false;
  }

  private void warned(List<Warning> warnings, int warningCount) {
    lines = Optional.of(warnings);
    count = warningCount;
  }
}
