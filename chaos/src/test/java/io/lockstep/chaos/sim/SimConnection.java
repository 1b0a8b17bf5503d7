package io.lockstep.chaos.sim;

import io.lockstep.applier.ReplicaDatabase;
import io.lockstep.model.Bytes;
import io.lockstep.model.Outcome;
import io.lockstep.model.TableName;
import io.lockstep.model.WriteId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** One process's way to its database: calls take time and may fail before or after their effect. */
final class SimConnection implements ReplicaDatabase {
  private final SimDatabase database;
  private final SimTime time;
  private final SimLife life;
  private final Chance chance;
  private final Climate climate;
  private long connection = -1;
  private boolean calm;
  private long slowness = 1;

  SimConnection(SimDatabase database, SimTime time, SimLife life, Chance chance, Climate climate) {
    this.database = database;
    this.time = time;
    this.life = life;
    this.chance = chance;
    this.climate = climate;
  }

  void calmDown() {
    calm = true;
    slowness = 1;
  }

  void slow(long factor) {
    slowness = factor;
  }

  @Override
  public Future<Recovered> open() {
    connection = -1;
    Promise<Recovered> promise = Promise.promise();
    later(
        () -> {
          if (!database.isUp() || life.isDead() || trouble()) {
            reply(() -> promise.fail(new IllegalStateException("the database is not there")));
          } else {
            connection = database.connect();
            Recovered recovered = database.recovered();
            reply(() -> promise.complete(recovered));
          }
        });
    return promise.future();
  }

  @Override
  public Future<List<Outcome>> execute(List<Execution> executions) {
    return call(
        () -> {
          if (trouble()) {
            database.rollback();
            throw new IllegalStateException("deadlock");
          }
          return database.execute(executions);
        });
  }

  @Override
  public Future<List<Outcome>> executeSteps(List<Execution> executions) {
    return execute(executions);
  }

  @Override
  public Future<Void> commit(Bookkeeping bookkeeping) {
    return call(() -> {
          if (trouble()) {
            throw lose("before the commit");
          }
          database.commit(bookkeeping);
          if (trouble()) {
            throw lose("after the commit");
          }
          return Done.VOID;
        })
        .mapEmpty();
  }

  @Override
  public Future<Void> rollback() {
    return call(() -> {
          database.rollback();
          return Done.VOID;
        })
        .mapEmpty();
  }

  @Override
  public Future<Outcome> executeAlone(Execution execution, Function<Outcome, Bookkeeping> after) {
    return call(() -> {
          database.intend(execution);
          return Done.VOID;
        })
        .compose(intended -> call(() -> database.executeAlone(execution)))
        .compose(
            outcome ->
                call(
                    () -> {
                      if (trouble()) {
                        throw lose("before the end of a definition change");
                      }
                      database.finish(outcome, after);
                      return outcome;
                    }));
  }

  @Override
  public Future<Optional<Remembered>> remembered(WriteId id) {
    return call(
        () ->
            Optional.ofNullable(database.committed().remembered().get(id.session()))
                .filter(found -> found.id().equals(id)));
  }

  @Override
  public Future<Long> highestId(TableName table, String column) {
    return call(() -> database.visible().highest(table));
  }

  @Override
  public Future<Snapshot> snapshot() {
    Map<String, Bytes> sums =
        Map.of("content", Bytes.utf8(Long.toString(database.committed().hash())));
    return call(() -> () -> Future.succeededFuture(sums));
  }

  @Override
  public Future<Void> flush() {
    return call(() -> {
          database.flush();
          return Done.VOID;
        })
        .mapEmpty();
  }

  @Override
  public Future<Void> close() {
    connection = -1;
    return Future.succeededFuture();
  }

  /** A call that returns nothing. */
  private enum Done {
    VOID
  }

  private boolean trouble() {
    return !calm && chance.once(climate.databaseTrouble());
  }

  private IllegalStateException lose(String when) {
    connection = -1;
    return new IllegalStateException("connection lost " + when);
  }

  private <T> Future<T> call(Supplier<T> work) {
    Promise<T> promise = Promise.promise();
    long on = connection;
    later(
        () -> {
          T result;
          try {
            if (!database.accepts(on)) {
              throw lose("");
            }
            result = work.get();
          } catch (IllegalStateException failure) {
            reply(() -> promise.fail(failure));
            return;
          }
          reply(() -> promise.complete(result));
        });
    return promise.future();
  }

  private void later(Runnable work) {
    time.after(chance.between(20 * SimTime.MICRO, 500 * SimTime.MICRO) * slowness, work);
  }

  private void reply(Runnable answer) {
    life.runAfter(chance.between(20 * SimTime.MICRO, 200 * SimTime.MICRO), answer);
  }
}
