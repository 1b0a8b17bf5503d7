package io.lockstep.gateway.locks;

import io.vertx.core.Future;
import java.util.List;

/** Where the locks are read: in this node's own database, as far as it has applied. */
public interface LockRows {
  /** Every user lock that is held. */
  Future<List<LockRow>> read();

  /** Every table lock that is held. */
  Future<List<TableLock>> tables();
}
