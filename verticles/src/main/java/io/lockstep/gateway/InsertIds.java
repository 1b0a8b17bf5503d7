package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.Assignment;
import io.lockstep.sql.Facts;
import io.lockstep.sql.FunctionKind;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where statements ask for {@code LAST_INSERT_ID()}, or give it a value of their own. */
final class InsertIds {
  private static final Set<String> NAMES = Set.of("last_insert_id", "identity");

  private InsertIds() {}

  static boolean askedBy(Facts facts) {
    return facts.calls(FunctionKind.LAST_INSERT_ID)
        || NAMES.stream().anyMatch(facts.systemVariables()::contains);
  }

  /** Whether {@code LAST_INSERT_ID(expr)} is among its calls. */
  static boolean givenBy(Facts facts) {
    for (Facts.Call call : facts.calls()) {
      if (call.kind() == FunctionKind.LAST_INSERT_ID && !call.emptyArguments()) {
        return true;
      }
    }
    return false;
  }

  /** Whether the variable itself is set. */
  static boolean givenBy(List<Assignment> all) {
    return all.stream().anyMatch(one -> NAMES.stream().anyMatch(one::isSession));
  }

  /** The value that the connection has. */
  static Future<Optional<String>> at(Backend backend) {
    return TextRows.query(backend.connection(), "SELECT @@last_insert_id")
        .map(rows -> rows.single().map(Bytes::latin1));
  }
}
