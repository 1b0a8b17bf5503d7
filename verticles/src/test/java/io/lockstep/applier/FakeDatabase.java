package io.lockstep.applier;

import io.lockstep.model.Bytes;
import io.lockstep.model.Outcome;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A database in memory that can fail at every step. A statement that begins with {@code fail} is in
 * error; one that draws ids leaves rows with them.
 */
final class FakeDatabase implements ReplicaDatabase {
  /** Where it can fail; AFTER means that the step itself was done. */
  enum Step {
    OPEN,
    EXECUTE,
    DEADLOCK,
    COMMIT_BEFORE,
    COMMIT_AFTER,
    ALONE_BEFORE_INTENT,
    ALONE_AFTER_INTENT,
    ALONE_AFTER_STATEMENT,
    ALONE_AFTER_END,
    ROLLBACK,
    FLUSH
  }

  private static final class Content {
    private Position position = Position.START;
    private final List<String> executed = new ArrayList<>();
    private final Map<SessionId, Remembered> remembered = new HashMap<>();
    private final Map<TableName, NextId> nextIds = new HashMap<>();
    private final Map<String, Seq> definitions = new HashMap<>();
    private final Map<TableName, Long> highest = new HashMap<>();
    private Optional<Execution> intent = Optional.empty();

    Content copy() {
      Content copy = new Content();
      copy.position = position;
      copy.executed.addAll(executed);
      copy.remembered.putAll(remembered);
      copy.nextIds.putAll(nextIds);
      copy.definitions.putAll(definitions);
      copy.highest.putAll(highest);
      copy.intent = intent;
      return copy;
    }
  }

  private final Map<Step, Integer> faults = new EnumMap<>(Step.class);
  private Content onDisk = new Content();
  private Content committed = new Content();
  private Optional<Content> open = Optional.empty();
  private Optional<Promise<Void>> flushing = Optional.empty();
  private boolean connected;
  final List<Integer> batches = new ArrayList<>();
  int opened;

  void fail(Step step, int times) {
    faults.put(step, times);
  }

  /** The server crashes and loses what it had not flushed. */
  void crash() {
    connected = false;
    committed = onDisk.copy();
  }

  /** The next flush takes until this is completed. */
  Promise<Void> holdFlush() {
    Promise<Void> held = Promise.promise();
    flushing = Optional.of(held);
    return held;
  }

  /** The disk is not what it was. */
  void loseEverything() {
    onDisk = new Content();
    crash();
  }

  List<String> executed() {
    return committed.executed;
  }

  Position position() {
    return committed.position;
  }

  Optional<NextId> nextId(TableName table) {
    return Optional.ofNullable(committed.nextIds.get(table));
  }

  void rowWithId(TableName table, long id) {
    committed.highest.put(table, id);
    onDisk.highest.put(table, id);
  }

  private boolean strikes(Step step) {
    int left = faults.getOrDefault(step, 0);
    faults.put(step, Math.max(0, left - 1));
    return left > 0;
  }

  private <T> Future<T> lost() {
    connected = false;
    open = Optional.empty();
    return Future.failedFuture(new IllegalStateException("connection lost"));
  }

  @Override
  public Future<Recovered> open() {
    opened++;
    open = Optional.empty();
    if (strikes(Step.OPEN)) {
      return lost();
    }
    connected = true;
    List<LastWrite> lastWrites =
        committed.remembered.values().stream()
            .sorted(Comparator.comparing(Remembered::seq))
            .map(w -> new LastWrite(w.id().session(), w.id().counter(), w.seq()))
            .toList();
    return Future.succeededFuture(
        new Recovered(committed.position, lastWrites, committed.nextIds, committed.definitions));
  }

  @Override
  public Future<List<Outcome>> execute(List<Execution> executions) {
    if (!connected || strikes(Step.EXECUTE)) {
      return lost();
    }
    Content content = open.orElseGet(() -> committed.copy());
    open = Optional.of(content);
    List<Outcome> outcomes = executions.stream().map(each -> run(content, each)).toList();
    if (strikes(Step.DEADLOCK)) {
      open = Optional.empty();
      return Future.failedFuture(new IllegalStateException("deadlock"));
    }
    return Future.succeededFuture(outcomes);
  }

  @Override
  public Future<List<Outcome>> executeSteps(List<Execution> executions) {
    return execute(executions);
  }

  private static Outcome run(Content content, Execution execution) {
    Write write = execution.write();
    if (write.statement().sql().utf8().startsWith("conflict")) {
      return new Outcome.Refused(Outcome.Refused.Reason.CONFLICT);
    }
    if (write.statement().sql().utf8().startsWith("fail")) {
      return new Outcome.Failed(1062, "23000", "Duplicate entry");
    }
    OptionalLong id = execution.insertId();
    content.executed.add(
        write.statement().sql().utf8() + (id.isPresent() ? "#" + id.getAsLong() : ""));
    write
        .draw()
        .ifPresent(
            draw -> {
              long last = Math.max(id.orElse(1) + draw.drawn() - 1, draw.explicitMax().orElse(0));
              content.highest.merge(draw.table(), last, Math::max);
            });
    return new Outcome.Done(1, id.orElse(0), 0, "", 2, List.of(), List.of());
  }

  @Override
  public Future<Void> commit(Bookkeeping bookkeeping) {
    if (!connected || strikes(Step.COMMIT_BEFORE)) {
      return lost();
    }
    committed = open.orElseGet(() -> committed.copy());
    open = Optional.empty();
    store(committed, bookkeeping);
    batches.add(bookkeeping.remembered().size());
    return strikes(Step.COMMIT_AFTER) ? lost() : Future.succeededFuture();
  }

  private static void store(Content content, Bookkeeping bookkeeping) {
    content.position = bookkeeping.position();
    bookkeeping.remembered().forEach(w -> content.remembered.put(w.id().session(), w));
    content.remembered.values().removeIf(w -> !w.seq().isAfter(bookkeeping.forgetUpTo()));
    bookkeeping.droppedNextIds().forEach(content.nextIds::remove);
    content.nextIds.putAll(bookkeeping.nextIds());
    bookkeeping.droppedDefinitions().forEach(content.definitions::remove);
    content.definitions.putAll(bookkeeping.definitions());
  }

  @Override
  public Future<Void> rollback() {
    open = Optional.empty();
    return !connected || strikes(Step.ROLLBACK) ? lost() : Future.succeededFuture();
  }

  @Override
  public Future<Outcome> executeAlone(Execution execution, Function<Outcome, Bookkeeping> after) {
    if (!connected || strikes(Step.ALONE_BEFORE_INTENT)) {
      return lost();
    }
    boolean begun = committed.intent.isPresent();
    committed.intent = Optional.of(execution);
    onDisk = committed.copy();
    if (strikes(Step.ALONE_AFTER_INTENT)) {
      return lost();
    }
    boolean happened =
        begun && committed.executed.contains(execution.write().statement().sql().utf8());
    Outcome outcome = happened ? Outcome.Done.ok() : run(committed, execution);
    onDisk = committed.copy();
    if (strikes(Step.ALONE_AFTER_STATEMENT)) {
      return lost();
    }
    store(committed, after.apply(outcome));
    committed.intent = Optional.empty();
    return strikes(Step.ALONE_AFTER_END) ? lost() : Future.succeededFuture(outcome);
  }

  @Override
  public Future<Optional<Remembered>> remembered(WriteId id) {
    return Future.succeededFuture(
        Optional.ofNullable(committed.remembered.get(id.session()))
            .filter(found -> found.id().equals(id)));
  }

  @Override
  public Future<Long> highestId(TableName table, String column) {
    Content content = open.orElse(committed);
    return Future.succeededFuture(content.highest.getOrDefault(table, 0L));
  }

  @Override
  public Future<Snapshot> snapshot() {
    Map<String, Bytes> sums = Map.of("executed", Bytes.utf8(committed.executed.toString()));
    return Future.succeededFuture(() -> Future.succeededFuture(sums));
  }

  @Override
  public Future<Void> flush() {
    if (!connected || strikes(Step.FLUSH)) {
      return Future.failedFuture(new IllegalStateException("no flush"));
    }
    onDisk = committed.copy();
    return flushing.map(Promise::future).orElseGet(Future::succeededFuture);
  }

  @Override
  public Future<Void> close() {
    connected = false;
    return Future.succeededFuture();
  }
}
