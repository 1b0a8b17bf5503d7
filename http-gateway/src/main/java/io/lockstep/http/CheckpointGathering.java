package io.lockstep.http;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.bus.Timers;
import io.lockstep.load.LoadAdvert;
import io.lockstep.load.LoadBoard;
import io.lockstep.model.Account;
import io.lockstep.model.Applied;
import io.lockstep.model.Bytes;
import io.lockstep.model.CheckpointReport;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.Step;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.model.WriteKind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Orders a checkpoint and waits until every node that advertises itself has reported, or the time
 * is over. One at a time. Lives on the context that starts it; may be asked on any thread.
 */
public final class CheckpointGathering implements Verification {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
  private static final Account NOBODY = new Account("", "");

  private final NodeId self;
  private final Bus bus;
  private final Timers timers;
  private final LoadBoard board;
  private final Supplier<SessionId> sessions;
  private final Supplier<Seq> applied;
  private final Function<Write, Future<Applied>> order;
  private Executor loop = Runnable::run;
  private Optional<Gathering> underWay = Optional.empty();

  /**
   * @param sessions a fresh session for each checkpoint
   * @param applied the last seq that this node has applied
   * @param order gets a write ordered and applied, as the gateway's intake does
   */
  public CheckpointGathering(
      NodeId self,
      Bus bus,
      Timers timers,
      LoadBoard board,
      Supplier<SessionId> sessions,
      Supplier<Seq> applied,
      Function<Write, Future<Applied>> order) {
    this.self = self;
    this.bus = bus;
    this.timers = timers;
    this.board = board;
    this.sessions = sessions;
    this.applied = applied;
    this.order = order;
  }

  /** Begins to hear reports. */
  public Future<Bus.Registration> start() {
    loop =
        Optional.ofNullable(Vertx.currentContext())
            .<Executor>map(context -> work -> context.runOnContext(now -> work.run()))
            .orElse(Runnable::run);
    return bus.hear(
        Addresses.CHECKPOINT_REPORT,
        report -> underWay.ifPresent(gathering -> gathering.heard(report)));
  }

  @Override
  public Future<List<CheckpointReport>> checkpoint(Duration within) {
    Promise<List<CheckpointReport>> reports = Promise.promise();
    loop.execute(() -> gather(within).onComplete(reports));
    return reports.future();
  }

  private Future<List<CheckpointReport>> gather(Duration within) {
    if (underWay.isPresent()) {
      return Future.failedFuture(
          new ProblemException(ProblemType.BUSY, "another verification is under way here"));
    }
    SessionId session = sessions.get();
    Gathering gathering = new Gathering(session.toString());
    underWay = Optional.of(gathering);
    Timers.Timer late = timers.after(within, gathering::finish);
    gathering.look();
    order
        .apply(write(session))
        .onSuccess(ordered -> gathering.ordered())
        .onFailure(gathering::fail);
    return gathering
        .reports()
        .onComplete(
            end -> {
              late.cancel();
              underWay = Optional.empty();
            });
  }

  /** A checkpoint has no SQL: its text is its id, which the reports carry. */
  private Write write(SessionId session) {
    return new Write(
        new WriteId(session, 1),
        WriteKind.CHECKPOINT,
        self,
        self,
        NOBODY,
        applied.get(),
        List.of(
            new Step.Statement("", List.of(), Bytes.utf8(session.toString()), Optional.empty())),
        false);
  }

  private final class Gathering {
    private final String id;
    private final Promise<List<CheckpointReport>> promise = Promise.promise();
    private final Map<NodeId, CheckpointReport> reports = new TreeMap<>();
    private boolean ordered;

    Gathering(String id) {
      this.id = id;
    }

    Future<List<CheckpointReport>> reports() {
      return promise.future();
    }

    void ordered() {
      ordered = true;
      finishWhenComplete();
    }

    void heard(CheckpointReport report) {
      if (report.checkpoint().equals(id)) {
        reports.put(report.node(), report);
        finishWhenComplete();
      }
    }

    /** A node may fall silent while it is waited for: then the others are all there will be. */
    void look() {
      finishWhenComplete();
      if (!promise.future().isComplete()) {
        timers.after(LOOK_AGAIN, this::look);
      }
    }

    void finish() {
      promise.tryComplete(List.copyOf(reports.values()));
    }

    void fail(Throwable cause) {
      promise.tryFail(cause);
    }

    private void finishWhenComplete() {
      if (ordered
          && !reports.isEmpty()
          && board.adverts().stream().map(LoadAdvert::node).allMatch(reports::containsKey)) {
        finish();
      }
    }
  }
}
