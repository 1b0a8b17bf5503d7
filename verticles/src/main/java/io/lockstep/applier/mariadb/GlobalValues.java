package io.lockstep.applier.mariadb;

import io.lockstep.model.Bytes;
import io.lockstep.model.Outcome;
import io.lockstep.model.Write;
import io.lockstep.sql.Assignment;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.Dialect;
import io.lockstep.sql.GlobalVariables;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What SET GLOBAL has set through the order. A server forgets it when it stops; the others have not
 * stopped, so it is set again before the node goes on.
 */
final class GlobalValues {
  private static final String READ =
      "SELECT name, value FROM lockstep.global_value WHERE name<>"
          + Sql.text(GlobalVariables.EVENT_SCHEDULER)
          + " ORDER BY name";

  private GlobalValues() {}

  /** Keeps what a SET GLOBAL has set, if this was one that did. */
  static Future<Outcome> keep(Side side, Write write, Outcome outcome) {
    boolean did = outcome.fold(done -> true, failed -> false, refused -> false);
    Statement statement = Classifier.read(write.statement().sql(), Dialect.DEFAULT);
    return did && statement.type() instanceof StatementClass.SessionSetting setting
        ? side.durably(replace(setting.assignments())).map(outcome)
        : Future.succeededFuture(outcome);
  }

  private static String replace(List<Assignment> assignments) {
    return assignments.stream()
        .flatMap(one -> values(one).stream())
        .collect(Collectors.joining(",", "REPLACE INTO lockstep.global_value VALUES ", ""));
  }

  private static Optional<String> values(Assignment one) {
    return one.systemVariable()
        .map(
            system ->
                "(" + Sql.text(system.name()) + "," + Sql.text(system.value().latin1()) + ")");
  }

  /** One that this version of the server does not take any more makes no difference to writes. */
  static Future<Void> restore(Link link) {
    return link.rows(READ)
        .compose(
            rows -> {
              Future<Void> set = Future.succeededFuture();
              for (Link.Row row : rows) {
                String one = "SET GLOBAL " + row.text(0) + "=" + row.text(1);
                set = set.compose(before -> link.connection().query(Bytes.utf8(one)).mapEmpty());
              }
              return set;
            });
  }
}
