package io.lockstep.http;

import io.lockstep.gateway.Identity;
import io.lockstep.gateway.RowSink;
import io.lockstep.gateway.StatementRequest;
import io.lockstep.gateway.StatementService;
import io.lockstep.model.Bytes;
import io.lockstep.model.Seq;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether an account administers the database: it holds SUPER, RELOAD, SHUTDOWN, one of the global
 * {@code … ADMIN} privileges, or all of them (MariaDB Knowledge Base, GRANT). The database is asked
 * as the account itself.
 */
final class AdminPrivilege {
  private static final Pattern GLOBAL = Pattern.compile("GRANT (.+?) ON \\*\\.\\* TO .*");
  private static final Set<String> ADMINISTERS =
      Set.of("ALL PRIVILEGES", "SUPER", "RELOAD", "SHUTDOWN");

  private final StatementService service;

  AdminPrivilege(StatementService service) {
    this.service = service;
  }

  /** Completes with the identity, or fails with a problem. */
  Future<Identity> require(Identity identity) {
    Grants grants = new Grants();
    StatementRequest show =
        new StatementRequest(
            identity, "", Bytes.utf8("SHOW GRANTS"), Optional.empty(), true, Seq.NONE);
    return service
        .execute(show, grants)
        .compose(
            end ->
                grants.lines.stream().anyMatch(AdminPrivilege::administers)
                    ? Future.succeededFuture(identity)
                    : Future.failedFuture(refused(identity)));
  }

  private static boolean administers(String grant) {
    Matcher global = GLOBAL.matcher(grant);
    return global.matches()
        && Arrays.stream(global.group(1).split(", "))
            .anyMatch(one -> ADMINISTERS.contains(one) || one.endsWith(" ADMIN"));
  }

  private static ProblemException refused(Identity identity) {
    return new ProblemException(
        ProblemType.FORBIDDEN,
        identity.account() + " has no global administrative privilege such as SUPER or RELOAD");
  }

  private static final class Grants implements RowSink {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void columns(List<Column> columns) {
      // One column of text, whatever its name.
    }

    @Override
    public Future<Void> row(List<Optional<Bytes>> values) {
      values.get(0).map(Bytes::utf8).ifPresent(lines::add);
      return Future.succeededFuture();
    }
  }
}
