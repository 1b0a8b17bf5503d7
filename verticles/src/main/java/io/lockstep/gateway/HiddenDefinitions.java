package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.TextRows;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Finds out whether a CALL or a compound statement tried in its branch what is refused there
 * (1399), though a handler of it kept that from the client: by the server's counters of the
 * session's statements, which count those that it refused as well. Lives on its session's context.
 */
final class HiddenDefinitions {
  private static final String COUNT =
      "SELECT SUM(CAST(variable_value AS UNSIGNED))"
          + " FROM information_schema.session_status WHERE variable_name RLIKE"
          + " '^COM_(ALTER|ANALYZE|BEGIN|CHANGE|CHECK|COMMIT|CREATE|DROP|FLUSH|GRANT|OPTIMIZE|RENAME"
          + "|REPAIR|REVOKE|ROLLBACK$|TRUNCATE)' AND variable_name NOT LIKE '%TEMPORARY%'";

  private final boolean possible;
  private Optional<Looked> looked = Optional.empty();

  private record Looked(Backend backend, String count) {}

  /** {@code possible} is whether there are definitions and handlers at all. */
  HiddenDefinitions(boolean possible) {
    this.possible = possible;
  }

  /** Looks before the call. */
  Future<Void> before(Backend backend) {
    return possible
        ? count(backend)
            .map(
                count -> {
                  looked = Optional.of(new Looked(backend, count));
                  return null;
                })
        : Future.succeededFuture();
  }

  /** Whether the call that has been answered since tried any. */
  Future<Boolean> tried() {
    return looked
        .map(then -> count(then.backend()).map(now -> !now.equals(then.count())))
        .orElseGet(() -> Future.succeededFuture(false));
  }

  /** Fails where it did. */
  Future<Void> nothing() {
    return tried()
        .compose(
            tried ->
                tried
                    ? Future.failedFuture(new ClientErrorException(CapturedWriting.COMMITS))
                    : Future.succeededFuture());
  }

  private static Future<String> count(Backend backend) {
    return TextRows.query(backend.connection(), COUNT)
        .map(rows -> rows.rows().get(0).get(0).map(Bytes::latin1).orElse(""));
  }
}
