package io.lockstep.runtime.node;

import io.lockstep.runtime.database.DatabaseAccess;
import io.lockstep.runtime.database.NodeDatabase;
import java.util.function.Consumer;

/** Turns what happens to the database into the node's standing. Called on a worker thread. */
final class DatabaseWatch implements NodeDatabase.Listener {
  private final Health health;
  private final Consumer<Throwable> fatal;

  DatabaseWatch(Health health, Consumer<Throwable> fatal) {
    this.health = health;
    this.fatal = fatal;
  }

  @Override
  public void up(DatabaseAccess access) {
    health.well(Health.Concern.DATABASE);
  }

  @Override
  public void down(String reason) {
    health.trouble(Health.Concern.DATABASE, reason);
  }

  @Override
  public void failed(Throwable cause) {
    health.trouble(Health.Concern.DATABASE, "the database stays down: " + cause.getMessage());
    fatal.accept(cause);
  }
}
