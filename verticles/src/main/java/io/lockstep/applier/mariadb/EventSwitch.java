package io.lockstep.applier.mariadb;

import io.lockstep.model.Outcome;
import io.lockstep.model.Warning;
import io.lockstep.model.Write;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.Dialect;
import io.lockstep.sql.GlobalVariables;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * Whether the cluster runs events: {@code SET GLOBAL event_scheduler}, which no database may hear,
 * since each would run them for itself. It is kept among the global values.
 */
final class EventSwitch {
  /** ER_UNKNOWN_ERROR, under which the server remarks that its own scheduler is off. */
  private static final int REMARK = 1105;

  private static final String IS_ON =
      "SELECT COUNT(*) FROM lockstep.global_value WHERE name="
          + Sql.text(GlobalVariables.EVENT_SCHEDULER)
          + " AND value='ON'";

  private EventSwitch() {}

  /** Whether a write sets it; such a write sets nothing else. */
  static boolean isSetBy(Write write) {
    Statement statement = Classifier.read(write.statement().sql(), Dialect.DEFAULT);
    return statement.type() instanceof StatementClass.SessionSetting setting
        && setting.assignments().stream()
            .anyMatch(
                one ->
                    one.<Optional<String>>fold(
                            system -> Optional.of(system.name()),
                            user -> Optional.empty(),
                            names -> Optional.empty(),
                            characterSet -> Optional.empty(),
                            transaction -> Optional.empty(),
                            role -> Optional.empty())
                        .filter(GlobalVariables.EVENT_SCHEDULER::equals)
                        .isPresent());
  }

  /** Leaves out the server's remark that its scheduler is off while the cluster runs events. */
  static Future<Outcome> withoutRemark(Link link, Write write, Outcome outcome) {
    boolean remarked =
        outcome.fold(
            done -> done.warnings().stream().anyMatch(warning -> warning.code() == REMARK),
            failed -> false,
            refused -> false);
    if (!remarked || !ofEvent(write)) {
      return Future.succeededFuture(outcome);
    }
    return link.rows(IS_ON)
        .map(rows -> rows.get(0).number(0) == 0 ? outcome : withoutRemark(outcome));
  }

  private static boolean ofEvent(Write write) {
    Statement statement = Classifier.read(write.statement().sql(), Dialect.DEFAULT);
    return statement.type() instanceof StatementClass.Definition definition
        && definition.verb().endsWith(" EVENT");
  }

  private static Outcome withoutRemark(Outcome outcome) {
    return outcome.<Outcome>fold(
        done -> {
          List<Warning> left =
              done.warnings().stream().filter(warning -> warning.code() != REMARK).toList();
          return new Outcome.Done(
              done.affected(),
              done.lastInsertId(),
              done.warningCount() - (done.warnings().size() - left.size()),
              done.info(),
              done.statusFlags(),
              left,
              done.packets());
        },
        failed -> failed,
        refused -> refused);
  }
}
