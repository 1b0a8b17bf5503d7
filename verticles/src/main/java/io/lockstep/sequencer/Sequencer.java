package io.lockstep.sequencer;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.bus.LogEntryCodec;
import io.lockstep.bus.MalformedBodyException;
import io.lockstep.bus.Nothing;
import io.lockstep.log.OrderedLog;
import io.lockstep.model.Head;
import io.lockstep.model.LogEntry;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.Sequenced;
import io.lockstep.model.SequencerRecord;
import io.lockstep.model.SequencerStatus;
import io.lockstep.model.Term;
import io.lockstep.model.Write;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each write its place in the global order. It stamps while this node leads the ordered log;
 * the log's term fences it when it is late to learn that another node does (invariant I1). Whatever
 * arrives while appends are under way shares the next entry.
 *
 * <p>An append that fails leaves the next seq uncertain: this node stops stamping until a barrier
 * in the log has told where the order stands.
 *
 * <p>Sole owner of its role; every method is called on its own context, and simulated on one
 * thread.
 */
public final class Sequencer {
  private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);
  private static final LogEntryCodec ENTRY = new LogEntryCodec();

  private final SequencerPorts ports;
  private final SequencerBounds bounds;
  private final SequencerMetrics metrics;
  private final ProposalQueue queue;
  private final Gathering gathering;
  private final List<Bus.Registration> registrations = new ArrayList<>();
  private SequencerRole role = SequencerRole.Following.START;
  private Optional<SequencerRecord> record = Optional.empty();
  private Future<LogIndex> lastAppend = Future.succeededFuture(LogIndex.NONE);
  private int appendsInFlight;

  public Sequencer(SequencerPorts ports, SequencerBounds bounds, SequencerMetrics metrics) {
    this.ports = ports;
    this.bounds = bounds;
    this.metrics = metrics;
    this.queue = new ProposalQueue(bounds);
    this.gathering = new Gathering(ports.timers(), bounds, ports.busy(), this::pump);
    metrics.watch(queue::queuedWrites, () -> appendsInFlight, () -> role.term().value());
  }

  /** Begins to answer on the bus. */
  public Future<Void> start() {
    return Future.all(
            ports.bus().answer(Addresses.PROPOSE, this::propose).onSuccess(registrations::add),
            ports.bus().answer(Addresses.STATUS, asked -> status()).onSuccess(registrations::add),
            ports.bus().answer(Addresses.HEAD, asked -> head()).onSuccess(registrations::add),
            ports.bus().answer(Addresses.RESIGN, this::resign).onSuccess(registrations::add),
            ports.bus().hear(Addresses.SEQUENCER_RECORD, this::hint).onSuccess(registrations::add))
        .mapEmpty();
  }

  /** Stops answering; what waits for a stamp is sent elsewhere. */
  public Future<Void> stop() {
    role = role.deposed(role.term(), Optional.empty());
    sendQueuedElsewhere();
    return Future.join(registrations.stream().map(Bus.Registration::cancel).toList()).mapEmpty();
  }

  /** The log's word that this node leads: from {@link OrderedLog.Listener#leading}. */
  public void leading(Term term, LogIndex barrier) {
    become(role.elected(term));
    if (role instanceof SequencerRole.CatchingUp && role.term().equals(term)) {
      metrics.reign();
      learnFrom(term, barrier, 1);
    }
  }

  /** The log's word that this node does not lead: from {@link OrderedLog.Listener#following}. */
  public void following(Term term, Optional<NodeId> leader) {
    become(role.deposed(term, leader.filter(other -> !other.equals(ports.self()))));
  }

  /** What this node is to the global order now. */
  public SequencerRole role() {
    return role;
  }

  private Future<Sequenced> propose(Write write) {
    if (role.name() == SequencerStatus.Role.FOLLOWING) {
      return answer(notHere());
    }
    Optional<Future<Sequenced>> same = queue.same(write);
    if (same.isPresent()) {
      return same.get();
    }
    Optional<Future<Sequenced>> accepted = queue.add(write);
    if (accepted.isEmpty()) {
      return answer(new Sequenced.Full(bounds.queueWritesMax()));
    }
    gathering.queued(write);
    pump();
    return accepted.get();
  }

  private Future<Sequenced> answer(Sequenced answer) {
    metrics.answered(answer);
    return Future.succeededFuture(answer);
  }

  private void pump() {
    while (appendsInFlight < bounds.appendsInFlightMax() && !queue.isEmpty()) {
      if (role.name() != SequencerStatus.Role.LEADING || gathering.holds(queue.fillsAnEntry())) {
        return;
      }
      List<Waiting> entry = queue.takeEntry();
      gathering.stamped(entry);
      append(entry);
    }
  }

  private void append(List<Waiting> entry) {
    SequencerRole.Stamping stamping = role.stamp(entry.size()).orElseThrow();
    role = stamping.role();
    LogEntry stamped =
        new LogEntry(
            stamping.term(), stamping.first(), entry.stream().map(Waiting::write).toList());
    long began = ports.timers().nanos();
    appendsInFlight++;
    lastAppend = ports.log().append(stamped.term(), ENTRY.bytes(stamped));
    atHome(
        lastAppend,
        done -> {
          appendsInFlight--;
          if (done.succeeded()) {
            Duration took = Duration.ofNanos(ports.timers().nanos() - began);
            metrics.committed(entry.size(), took);
            gathering.committed(took);
            answerPlaced(stamped.firstSeq(), entry);
          } else {
            failed(stamped.term(), entry, done.cause());
          }
          pump();
        });
  }

  private void answerPlaced(Seq first, List<Waiting> entry) {
    for (int i = 0; i < entry.size(); i++) {
      answer(entry.get(i), new Sequenced.At(first.plus(i)));
    }
  }

  private void failed(Term term, List<Waiting> entry, Throwable cause) {
    LOG.warn("Append of {} writes in term {} failed: {}", entry.size(), term, cause.toString());
    SequencerRole before = role;
    become(role.interrupted(term));
    if (!role.equals(before)) {
      metrics.interrupted();
      askForBarrier(term, 1);
    }
    entry.forEach(waiting -> answer(waiting, fate(waiting.write(), cause)));
  }

  private void answer(Waiting waiting, Sequenced answer) {
    metrics.answered(answer);
    queue.answer(waiting, answer);
  }

  /** Only what the log calls certain is certain; everything else may yet commit (invariant I4). */
  private Sequenced fate(Write write, Throwable cause) {
    if (cause instanceof OrderedLog.NotLeaderException elsewhere) {
      return new Sequenced.NotHere(role.term(), elsewhere.leader());
    }
    if (cause instanceof OrderedLog.FullException) {
      return new Sequenced.Full(bounds.queueWritesMax());
    }
    if (cause instanceof OrderedLog.TermInterruptedException
        || cause instanceof OrderedLog.HandingOverException
        || cause instanceof OrderedLog.ClosedException) {
      return notHere();
    }
    return new Sequenced.Unknown(write.id());
  }

  private Sequenced notHere() {
    Optional<NodeId> ask =
        role.leader()
            .or(
                () ->
                    record
                        .filter(known -> !role.term().isAfter(known.term()))
                        .map(SequencerRecord::node))
            .filter(node -> !node.equals(ports.self()));
    return new Sequenced.NotHere(role.term(), ask);
  }

  private void become(SequencerRole next) {
    if (!next.name().equals(role.name()) || !next.term().equals(role.term())) {
      LOG.info("{} is {} in term {}", ports.self(), next.name(), next.term());
    }
    role = next;
    if (role.name() == SequencerStatus.Role.FOLLOWING) {
      sendQueuedElsewhere();
    }
  }

  private void sendQueuedElsewhere() {
    gathering.clear();
    queue.answerQueued(
        write -> {
          Sequenced answer = notHere();
          metrics.answered(answer);
          return answer;
        });
  }

  private void askForBarrier(Term term, int attempt) {
    atHome(
        ports.log().barrier(term),
        barrier -> {
          if (barrier.succeeded()) {
            learnFrom(term, barrier.result(), attempt);
          } else if (barrier.cause() instanceof OrderedLog.NotLeaderException elsewhere) {
            following(term, elsewhere.leader());
          } else {
            again(term, attempt, barrier.cause(), () -> askForBarrier(term, attempt + 1));
          }
        });
  }

  private void learnFrom(Term term, LogIndex barrier, int attempt) {
    atHome(
        ports.log().lastBefore(barrier),
        last -> {
          if (last.succeeded()) {
            learned(term, last.result());
          } else {
            again(term, attempt, last.cause(), () -> learnFrom(term, barrier, attempt + 1));
          }
        });
  }

  private void learned(Term term, Optional<OrderedLog.Committed> last) {
    Seq seq;
    try {
      seq = last.map(entry -> ENTRY.decode(entry.payload()).lastSeq()).orElseGet(ports.applied());
    } catch (MalformedBodyException corrupt) {
      breakOff(term, corrupt);
      return;
    }
    become(role.caughtUp(term, seq));
    if (role.name() == SequencerStatus.Role.LEADING && role.term().equals(term)) {
      lastAppend = Future.succeededFuture(LogIndex.NONE);
      ports.bus().publish(Addresses.SEQUENCER_RECORD, new SequencerRecord(term, ports.self()));
      pump();
    }
  }

  private void again(Term term, int attempt, Throwable cause, Runnable retry) {
    if (!role.equals(new SequencerRole.CatchingUp(term))) {
      return;
    }
    if (cause instanceof OrderedLog.ClosedException) {
      following(term, Optional.empty());
    } else if (attempt >= bounds.attemptsMax()) {
      breakOff(term, cause);
    } else {
      ports.timers().after(bounds.retryAfter(), retry);
    }
  }

  private void breakOff(Term term, Throwable cause) {
    LOG.error("The ordered log does not say where it ends in term {}", term, cause);
    following(term, Optional.empty());
    ports.broken().accept(cause);
  }

  private Future<SequencerStatus> status() {
    return Future.succeededFuture(
        new SequencerStatus(
            ports.self(),
            role.name(),
            role.term(),
            role.last(),
            queue.queuedWrites(),
            appendsInFlight));
  }

  /**
   * Whatever was acknowledged before the question was stamped here or by an earlier leader; the
   * quorum's word that came after it proves that there is no later one.
   */
  private Future<Head> head() {
    if (role.name() != SequencerStatus.Role.LEADING) {
      return Future.failedFuture(new OrderedLog.NotLeaderException(role.leader()));
    }
    Seq stamped = role.last();
    Future<LogIndex> underWay = lastAppend;
    return ports
        .log()
        .confirmedHead()
        .compose(head -> underWay.map(committed -> later(head, committed)))
        .map(index -> new Head(index, stamped));
  }

  private static LogIndex later(LogIndex one, LogIndex other) {
    return one.isAfter(other) ? one : other;
  }

  private Future<Nothing> resign(NodeId successor) {
    return ports.log().transferTo(successor).map(Nothing.NOTHING);
  }

  private void hint(SequencerRecord heard) {
    if (record.isEmpty() || heard.replaces(record.get())) {
      record = Optional.of(heard);
    }
  }

  private <T> void atHome(Future<T> future, Handler<AsyncResult<T>> then) {
    future.onComplete(done -> ports.home().execute(() -> then.handle(done)));
  }
}
