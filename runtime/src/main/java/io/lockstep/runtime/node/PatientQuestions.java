package io.lockstep.runtime.node;

import io.lockstep.bus.Timers;
import io.lockstep.gateway.NotWrittenException;
import io.lockstep.gateway.accounts.AccountSource;
import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import io.lockstep.sql.Catalogue;
import io.lockstep.sql.StoredProcedure;
import io.lockstep.sql.TableDefinition;
import io.vertx.core.Future;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * What sessions need to know from this node's own database, asked again while it is away: their
 * masters may be elsewhere, and it is back soon. After the bound nothing was written, which is what
 * the client is told. Safe on any thread.
 */
final class PatientQuestions implements Catalogue, AccountSource {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Catalogue catalogue;
  private final AccountSource accounts;
  private final Timers timers;
  private final Duration bound;

  PatientQuestions(Catalogue catalogue, AccountSource accounts, Timers timers, Duration bound) {
    this.catalogue = catalogue;
    this.accounts = accounts;
    this.timers = timers;
    this.bound = bound;
  }

  @Override
  public Future<Optional<TableDefinition>> table(TableName name, Seq definitions) {
    return ask(() -> catalogue.table(name, definitions));
  }

  @Override
  public Future<Set<TableName>> sequences(Seq definitions) {
    return ask(() -> catalogue.sequences(definitions));
  }

  @Override
  public Future<List<Long>> sequence(TableName name) {
    return ask(() -> catalogue.sequence(name));
  }

  @Override
  public Future<Optional<Long>> rowsWithoutIndex(TableName name) {
    return ask(() -> catalogue.rowsWithoutIndex(name));
  }

  @Override
  public Future<Optional<StoredProcedure>> procedure(TableName name, Seq definitions) {
    return ask(() -> catalogue.procedure(name, definitions));
  }

  @Override
  public Future<Boolean> functionExists(String schema, String name, Seq definitions) {
    return ask(() -> catalogue.functionExists(schema, name, definitions));
  }

  @Override
  public Future<Optional<TableName>> triggered(TableName trigger, Seq definitions) {
    return ask(() -> catalogue.triggered(trigger, definitions));
  }

  @Override
  public Future<Integer> lowerCaseTableNames() {
    return ask(catalogue::lowerCaseTableNames);
  }

  @Override
  public Future<List<Row>> read() {
    return ask(accounts::read);
  }

  private <T> Future<T> ask(Supplier<Future<T>> question) {
    return ask(question, timers.nanos() + bound.toNanos());
  }

  private <T> Future<T> ask(Supplier<Future<T>> question, long deadlineNanos) {
    return question
        .get()
        .recover(
            cause -> {
              if (!isAway(cause)) {
                return Future.failedFuture(cause);
              }
              if (timers.nanos() - deadlineNanos > 0) {
                return Future.failedFuture(
                    new NotWrittenException(
                        "nothing was written: this node's database cannot be asked"));
              }
              return timers.pause(PAUSE).compose(passed -> ask(question, deadlineNanos));
            });
  }

  private static boolean isAway(Throwable cause) {
    return cause instanceof IOException
        || cause instanceof ClosedConnectionException
        || cause instanceof TimeoutException;
  }
}
