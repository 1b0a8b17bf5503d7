package io.lockstep.gateway.accounts;

import io.vertx.core.Future;
import java.util.List;

/** Where the accounts are read from: the node's own database. */
public interface AccountSource {
  /** One row of {@code mysql.global_priv}, its privileges as JSON. */
  record Row(String user, String host, String json) {}

  /** Every account and role, as of now. */
  Future<List<Row>> read();
}
