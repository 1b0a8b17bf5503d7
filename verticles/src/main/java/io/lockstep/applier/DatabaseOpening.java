package io.lockstep.applier;

import io.lockstep.applier.ReplicaDatabase.Recovered;
import io.lockstep.bus.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the database, waiting for it within {@link Backoff#OPENINGS_MAX} when it is not there. */
final class DatabaseOpening {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseOpening.class);

  private final ReplicaDatabase database;
  private final Timers timers;
  private final Executor loop;

  DatabaseOpening(ApplierPorts ports) {
    this.database = ports.database();
    this.timers = ports.timers();
    this.loop = ports.loop();
  }

  Future<Recovered> open() {
    return open(1);
  }

  private Future<Recovered> open(int attempt) {
    return Loops.on(loop, database.open())
        .recover(
            failure ->
                attempt < Backoff.OPENINGS_MAX
                    ? again(attempt, failure)
                    : Future.failedFuture(failure));
  }

  private Future<Recovered> again(int attempt, Throwable failure) {
    if (Backoff.worthALine(attempt)) {
      LOG.warn("the database is not there (attempt {}): {}", attempt, failure.toString());
    }
    Promise<Recovered> later = Promise.promise();
    timers.after(Backoff.before(attempt), () -> open(attempt + 1).onComplete(later));
    return later.future();
  }
}
