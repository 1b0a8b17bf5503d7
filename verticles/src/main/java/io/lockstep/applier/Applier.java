package io.lockstep.applier;

import io.lockstep.applier.ReplicaDatabase.Bookkeeping;
import io.lockstep.applier.ReplicaDatabase.Recovered;
import io.lockstep.bus.Addresses;
import io.lockstep.bus.LogEntryCodec;
import io.lockstep.bus.MalformedBodyException;
import io.lockstep.load.DigestAt;
import io.lockstep.load.DigestTrail;
import io.lockstep.model.Applied;
import io.lockstep.model.LogIndex;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.lockstep.model.WriteId;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes the ordered log against this node's database: every write once, in order, its position
 * in the same transaction (invariant I2), and tells what each did. Sole user of the database's
 * write side. Its own code runs on the loop it was given; the public methods may be called from any
 * thread, and their futures complete on the loop.
 */
public final class Applier {
  private static final Logger LOG = LoggerFactory.getLogger(Applier.class);

  private final ApplierPorts ports;
  private final Consumer<Throwable> fatal;
  private final ApplierMetrics metrics;
  private final EntryReader reader;
  private final Outcomes outcomes;
  private final Checkpoints checkpoints;
  private final DurablePosition durable;
  private final DatabaseOpening opening;
  private final Waiters seqWaiters;
  private final Waiters indexWaiters;
  private ReplicatedState state = new ReplicatedState(NOTHING_YET);

  /** Written on the loop, read on any thread. */
  private volatile Position position = Position.START;

  /** Written on the loop, before the position; read on any thread. */
  private volatile Seq locked = Seq.NONE;

  /** Written on the loop, read on any thread. */
  private volatile Seq known = Seq.NONE;

  /** Written on the loop, read on any thread. */
  private volatile List<DigestAt> recentDigests = List.of();

  private DigestTrail digests = new DigestTrail();

  private Optional<Throwable> stopped = Optional.empty();
  private boolean running;
  private boolean busy;
  private boolean pumping;
  private boolean pumpAgain;
  private int failuresInARow;
  private int readFailuresInARow;

  private static final Recovered NOTHING_YET =
      new Recovered(Position.START, List.of(), Map.of(), Map.of());

  /**
   * @param fatal hears why this applier has stopped for good: the node must stop serving
   */
  public Applier(ApplierPorts ports, MeterRegistry meters, Consumer<Throwable> fatal) {
    this.ports = ports;
    this.fatal = fatal;
    this.metrics = new ApplierMetrics(meters);
    this.reader = new EntryReader(ports.log(), new LogEntryCodec(), ports.loop());
    this.outcomes = new Outcomes(ports.self(), ports.bus(), ports.database());
    this.checkpoints = new Checkpoints(ports);
    this.durable = new DurablePosition(ports, this::position, this::durableUpTo, this::lookAgain);
    this.opening = new DatabaseOpening(ports);
    this.seqWaiters = new Waiters(ports.timers());
    this.indexWaiters = new Waiters(ports.timers());
  }

  /** Reads the position from the database, waiting for the database if it must. */
  public Future<Position> recover() {
    return onLoop(
        () ->
            opening
                .open()
                .map(
                    recovered -> {
                      reader.startAfter(recovered.position());
                      return adopt(recovered);
                    }));
  }

  /** Begins to apply and to answer; the log is open by now. */
  public Future<Void> start() {
    return onLoop(this::answerAndBegin);
  }

  private Future<Void> answerAndBegin() {
    Arrivals arrivals = new Arrivals(this, ports.log());
    return ports
        .bus()
        .answer(Addresses.ASK_OUTCOME, this::outcomeOf)
        .compose(registered -> ports.bus().answer(Addresses.REACHED, arrivals::at))
        .compose(registered -> ports.bus().answer(Addresses.SETTLED, asked -> arrivals.settled()))
        .onSuccess(registered -> begin())
        .mapEmpty();
  }

  private void begin() {
    running = true;
    durable.start();
    pump();
  }

  /** How far the database is; what it was at the last commit. */
  public Position position() {
    return position;
  }

  /** The last write up to the position, or a little behind it, that locked or unlocked tables. */
  public Seq locked() {
    return locked;
  }

  /** The last write that this node knows to be committed and has read. */
  public Seq known() {
    return known;
  }

  /** Digests at a few recent seqs, to be compared between nodes (invariant I7). */
  public List<DigestAt> recentDigests() {
    return recentDigests;
  }

  /** Waits until the write at {@code seq} is applied here. */
  public Future<Void> reached(Seq seq, Duration within) {
    return position().seq().isBefore(seq)
        ? onLoop(() -> await(seqWaiters, seq.value(), within))
        : Future.succeededFuture();
  }

  /** Waits until every write up to and in the log entry {@code index} is applied here. */
  public Future<Void> reached(LogIndex index, Duration within) {
    return index.isAfter(position().index())
        ? onLoop(() -> await(indexWaiters, index.value(), within))
        : Future.succeededFuture();
  }

  private Future<Void> await(Waiters waiters, long number, Duration within) {
    if (stopped.isPresent()) {
      return Future.failedFuture(stopped.get());
    }
    Future<Void> reached = waiters.await(number, within);
    wake();
    return reached;
  }

  /** What became of a write, as far as this node has applied; empty when it does not know. */
  public Future<Optional<Applied>> outcomeOf(WriteId id) {
    return onLoop(() -> outcomes.ask(id));
  }

  /** Stops after the batch at hand and closes the database's connections. */
  public Future<Void> close() {
    return onLoop(
        () -> {
          stop(new NotReachedException("this node is stopping"));
          return ports.database().close();
        });
  }

  private <T> Future<T> onLoop(Supplier<Future<T>> action) {
    Promise<T> promise = Promise.promise();
    ports.loop().execute(() -> Loops.on(ports.loop(), action.get()).onComplete(promise));
    return promise.future();
  }

  /** One step after the other, without growing the stack when answers come at once. */
  private void pump() {
    if (pumping) {
      pumpAgain = true;
      return;
    }
    pumping = true;
    do {
      pumpAgain = false;
      step();
    } while (pumpAgain);
    pumping = false;
  }

  private void step() {
    if (!running) {
      return;
    }
    if (reader.windowFull()) {
      durable.soon();
    }
    if (reader.wantsMore()) {
      reader.readMore().onSuccess(read -> readSome()).onFailure(this::readFailed);
    }
    if (!busy) {
      List<PlacedWrite> writes = reader.takeBatch();
      if (!writes.isEmpty()) {
        busy = true;
        apply(writes);
      }
    }
  }

  private void readSome() {
    known = reader.counted();
    readFailuresInARow = 0;
    pump();
  }

  private void readFailed(Throwable failure) {
    boolean hopeless =
        failure instanceof LogGapException || failure instanceof MalformedBodyException;
    if (hopeless || ++readFailuresInARow > Backoff.ATTEMPTS_MAX) {
      stopFor(failure);
      return;
    }
    LOG.warn("the ordered log could not be read: {}", failure.getMessage());
    ports.timers().after(Backoff.before(readFailuresInARow), this::pump);
  }

  private void apply(List<PlacedWrite> writes) {
    Batch batch = new Batch(ports.database(), state, writes);
    long from = ports.timers().nanos();
    Loops.on(ports.loop(), batch.alone() ? alone(batch) : together(batch))
        .onSuccess(stored -> committed(batch, stored, from))
        .onFailure(failure -> failed(batch, writes, failure));
  }

  /** The commit is sent when every answer is seen: a deadlock would leave half a batch behind. */
  private Future<Bookkeeping> together(Batch batch) {
    return batch
        .execute()
        .compose(
            executed -> {
              Bookkeeping stored = batch.settle();
              return uncertain(ports.database().commit(stored), Optional.of(stored)).map(stored);
            });
  }

  private Future<Bookkeeping> alone(Batch batch) {
    return checkpoints.idle().compose(idle -> uncertain(batch.executeAlone(), Optional.empty()));
  }

  private static <T> Future<T> uncertain(Future<T> storing, Optional<Bookkeeping> stored) {
    return storing.recover(
        failure -> Future.failedFuture(new UnknownCommitException(stored, failure)));
  }

  private void committed(Batch batch, Bookkeeping stored, long fromNanos) {
    state.adopt(stored);
    failuresInARow = 0;
    metrics.batch(batch.settled(), Duration.ofNanos(ports.timers().nanos() - fromNanos));
    advanced(stored.position());
    batch.settled().forEach(write -> digests.passed(write.placed().seq(), write.digest()));
    recentDigests = digests.recent();
    outcomes.publish(batch.settled());
    if (batch.checkpoint()) {
      checkpoints.take(batch.settled().get(0).placed()).onComplete(pinned -> goOn());
    } else {
      goOn();
    }
  }

  private void durableUpTo(Position to) {
    ports.log().applied(to.index());
    reader.durable(to);
    pump();
  }

  /** The database may have fallen back while nothing was to be applied. */
  private void lookAgain() {
    if (running && !busy) {
      busy = true;
      reopen(Optional.empty());
    }
  }

  private void advanced(Position to) {
    locked = state.definitions().locked();
    position = to;
    metrics.at(to, ports.log().knownCommitted().value() - to.index().value());
    wake();
  }

  private void wake() {
    seqWaiters.reached(position().seq().value());
    indexWaiters.reached(position().index().value());
  }

  private void goOn() {
    busy = false;
    pump();
  }

  /** The environment failed, not the writes: the same batch again, for as long as there is hope. */
  private void failed(Batch batch, List<PlacedWrite> writes, Throwable failure) {
    if (!running) {
      return;
    }
    if (++failuresInARow > Backoff.ATTEMPTS_MAX) {
      stopFor(failure);
      return;
    }
    metrics.retry();
    if (Backoff.worthALine(failuresInARow)) {
      LOG.warn(
          "applying after seq {} failed (attempt {}): {}",
          state.position().seq(),
          failuresInARow,
          failure.toString());
    }
    ports
        .timers()
        .after(
            Backoff.before(failuresInARow),
            () -> {
              if (failure instanceof UnknownCommitException unknown) {
                reopen(unknown.stored().map(stored -> new Lost(batch, stored)));
              } else {
                rollbackAndApply(writes);
              }
            });
  }

  private void rollbackAndApply(List<PlacedWrite> writes) {
    Loops.on(ports.loop(), ports.database().rollback())
        .onSuccess(rolledBack -> apply(writes))
        .onFailure(lost -> reopen(Optional.empty()));
  }

  /** A batch whose commit was not answered. */
  private record Lost(Batch batch, Bookkeeping stored) {}

  /** Only the database knows where it is now; it may have fallen back, or hold the lost batch. */
  private void reopen(Optional<Lost> lost) {
    opening
        .open()
        .onSuccess(
            recovered -> {
              if (!reader.resumeAfter(recovered.position())) {
                stopFor(new DatabaseFellBackException(recovered.position()));
                return;
              }
              adopt(recovered);
              lost.filter(batch -> batch.stored().position().equals(recovered.position()))
                  .ifPresent(batch -> outcomes.publish(batch.batch().settled()));
              goOn();
            })
        .onFailure(this::stopFor);
  }

  private Position adopt(Recovered recovered) {
    state = new ReplicatedState(recovered);
    digests = new DigestTrail();
    outcomes.forgetAfter(state.position().seq());
    advanced(state.position());
    return state.position();
  }

  private void stopFor(Throwable cause) {
    if (running) {
      LOG.error("the applier stops after seq {}", state.position().seq(), cause);
      stop(cause);
      fatal.accept(cause);
    }
  }

  private void stop(Throwable cause) {
    running = false;
    stopped = Optional.of(cause);
    durable.stop();
    seqWaiters.failAll(cause);
    indexWaiters.failAll(cause);
  }
}
