package io.lockstep.http;

import static io.lockstep.http.Gateway.N1;
import static io.lockstep.http.Gateway.N2;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.bus.Route;
import io.lockstep.bus.Timers;
import io.lockstep.bus.Topic;
import io.lockstep.gateway.NotWrittenException;
import io.lockstep.load.Endpoint;
import io.lockstep.load.Endpoints;
import io.lockstep.load.LoadAdvert;
import io.lockstep.load.LoadBoard;
import io.lockstep.load.LoadFigures;
import io.lockstep.load.Progress;
import io.lockstep.load.Standing;
import io.lockstep.model.Applied;
import io.lockstep.model.CheckpointReport;
import io.lockstep.model.NodeId;
import io.lockstep.model.Outcome;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.Write;
import io.lockstep.model.WriteKind;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CheckpointGatheringTest {
  private static final Duration WITHIN = Duration.ofSeconds(10);
  private final Clock clock = new Clock();
  private final Ear bus = new Ear();
  private final LoadBoard board = new LoadBoard(clock);
  private final List<Write> ordered = new ArrayList<>();
  private boolean inOrder = true;
  private final CheckpointGathering gathering =
      new CheckpointGathering(
          N1,
          bus,
          clock,
          board,
          () -> SessionId.ofConnection(1, ordered.size()),
          () -> new Seq(40),
          write -> {
            ordered.add(write);
            return inOrder
                ? Future.succeededFuture(new Applied(write.id(), new Seq(41), Outcome.Done.ok()))
                : Future.failedFuture(new NotWrittenException("no sequencer"));
          });

  @BeforeEach
  void two_nodes_advertise() {
    gathering.start();
    advertise(N1);
    advertise(N2);
  }

  @Test
  void it_ends_when_every_node_that_advertises_has_reported() {
    Future<List<CheckpointReport>> reports = gathering.checkpoint(WITHIN);
    report(N1);
    assertFalse(reports.isComplete());
    report(N2);
    assertEquals(List.of(N1, N2), reports.result().stream().map(CheckpointReport::node).toList());
    assertEquals(WriteKind.CHECKPOINT, ordered.get(0).kind());
    assertEquals(new Seq(40), ordered.get(0).basis());
  }

  @Test
  void a_node_that_falls_silent_is_not_waited_for() {
    Future<List<CheckpointReport>> reports = gathering.checkpoint(WITHIN);
    report(N1);
    clock.pass(LoadBoard.STALE_AFTER);
    advertise(N1);
    clock.pass(Duration.ofSeconds(1));
    assertEquals(List.of(N1), reports.result().stream().map(CheckpointReport::node).toList());
  }

  @Test
  void the_time_bounds_the_waiting() {
    Future<List<CheckpointReport>> reports = gathering.checkpoint(Duration.ofSeconds(1));
    clock.pass(Duration.ofSeconds(1));
    assertEquals(List.of(), reports.result());
  }

  @Test
  void reports_of_another_checkpoint_do_not_count() {
    Future<List<CheckpointReport>> reports = gathering.checkpoint(WITHIN);
    bus.tell(
        Addresses.CHECKPOINT_REPORT, N1, new CheckpointReport(N1, "another", new Seq(3), Map.of()));
    report(N2);
    assertFalse(reports.isComplete());
  }

  @Test
  void a_checkpoint_that_cannot_be_ordered_fails_and_frees_the_place() {
    inOrder = false;
    assertTrue(gathering.checkpoint(WITHIN).failed());
    inOrder = true;
    assertFalse(gathering.checkpoint(WITHIN).isComplete());
  }

  @Test
  void a_second_one_at_the_same_time_is_turned_away() {
    gathering.checkpoint(WITHIN);
    assertEquals(ProblemType.BUSY, Problems.of(gathering.checkpoint(WITHIN).cause()).type());
  }

  private void report(NodeId node) {
    String id = ordered.get(ordered.size() - 1).statement().sql().utf8();
    bus.tell(
        Addresses.CHECKPOINT_REPORT, N1, new CheckpointReport(node, id, new Seq(41), Map.of()));
  }

  private void advertise(NodeId node) {
    Endpoint here = new Endpoint("127.0.0.1", 1);
    board.heard(
        new LoadAdvert(
            node,
            clock.nanos() + 1,
            new Endpoints(here, false, here, here),
            LoadFigures.NONE,
            Progress.START,
            Standing.SERVING,
            List.of()));
  }

  private static final class Ear implements Bus {
    private final List<Consumer<Object>> listeners = new ArrayList<>();

    @Override
    public <Q, A> Future<A> ask(Route<Q, A> route, NodeId to, Q question, Duration within) {
      return Future.failedFuture("nobody answers");
    }

    @Override
    public <Q, A> Future<Registration> answer(Route<Q, A> route, Function<Q, Future<A>> answerer) {
      return Future.failedFuture("nobody asks");
    }

    @Override
    public <M> void tell(Topic<M> topic, NodeId to, M message) {
      listeners.forEach(listener -> listener.accept(message));
    }

    @Override
    public <M> void publish(Topic<M> topic, M message) {
      listeners.forEach(listener -> listener.accept(message));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <M> Future<Registration> hear(Topic<M> topic, Consumer<M> listener) {
      listeners.add(message -> listener.accept((M) message));
      return Future.succeededFuture(Future::succeededFuture);
    }
  }

  private static final class Clock implements Timers {
    private record Due(long at, Runnable action) {}

    private final List<Due> due = new ArrayList<>();
    private long now;

    @Override
    public Timer after(Duration delay, Runnable action) {
      Due one = new Due(now + delay.toNanos(), action);
      due.add(one);
      return () -> due.remove(one);
    }

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public Instant now() {
      return Instant.EPOCH.plusNanos(now);
    }

    void pass(Duration time) {
      now += time.toNanos();
      List<Due> ripe = due.stream().filter(one -> one.at <= now).toList();
      due.removeAll(ripe);
      ripe.forEach(one -> one.action.run());
    }
  }
}
