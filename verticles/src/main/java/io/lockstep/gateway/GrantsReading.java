package io.lockstep.gateway;

import io.lockstep.gateway.grants.Grants;
import io.lockstep.model.Bytes;
import io.lockstep.mysql.TextRows;
import io.vertx.core.Future;

/** Reads what a session's account may do, as its own database says to the account itself. */
final class GrantsReading {
  private static final Bytes SHOW = Bytes.utf8("SHOW GRANTS");

  private final Session session;

  GrantsReading(Session session) {
    this.session = session;
  }

  Future<Grants> grants() {
    return session
        .backend()
        .query(SHOW)
        .compose(TextRows::of)
        .map(
            rows ->
                Grants.parse(
                    rows.rows().stream()
                        .flatMap(row -> row.get(0).stream())
                        .map(Bytes::utf8)
                        .toList()));
  }
}
