package io.lockstep.applier.mariadb;

import io.lockstep.model.BranchId;
import io.vertx.core.Future;
import java.util.List;

/**
 * Rolls back the clients' branches that were prepared and whose connection is gone: nobody else
 * would, and they keep their locks for ever. A branch is never committed, so this is always right.
 */
final class Branches {
  private Branches() {}

  /** One that still has its connection is refused by the server (XAER_NOTA), as it should be. */
  static Future<Integer> rollBackOrphans(Link link) {
    return link.rows("XA RECOVER")
        .compose(
            prepared -> {
              List<String> ours =
                  prepared.stream()
                      .map(row -> row.text(3))
                      .filter(name -> name.startsWith(BranchId.PREFIX))
                      .toList();
              Future<Integer> done = Future.succeededFuture(ours.size());
              for (String name : ours) {
                done =
                    done.compose(
                        count ->
                            link.run("XA ROLLBACK " + Sql.text(name).replace("_utf8mb4 ", ""))
                                .map(count)
                                .otherwise(count));
              }
              return done;
            });
  }
}
