package io.lockstep.runtime.database;

import io.vertx.core.Future;
import java.util.OptionalLong;

/** The one database of a node. Futures complete on any thread; nothing here blocks the caller. */
public interface NodeDatabase {
  /** Hears what happens to the database after its first start. Called on a worker thread. */
  interface Listener {
    /** The database accepts connections again. */
    void up(DatabaseAccess access);

    /** The database is gone; every connection to it is dead. It is being started again. */
    void down(String reason);

    /** The database stays down: it could not be started {@code RESTARTS_MAX} times in a row. */
    void failed(Throwable cause);
  }

  /** Completes when the database accepts connections. Called once. */
  Future<DatabaseAccess> start(Listener listener);

  /** Where Lockstep's own connections go. Known once the start has completed. */
  DatabaseAccess access();

  /** The operating system's process, while this node owns one that runs. */
  OptionalLong pid();

  /**
   * Ends an owned database in good order and within a bound; leaves an external one alone. May be
   * called again.
   */
  Future<Void> stop();
}
