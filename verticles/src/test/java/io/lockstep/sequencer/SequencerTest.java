package io.lockstep.sequencer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.bus.LogEntryCodec;
import io.lockstep.bus.LoopBus;
import io.lockstep.bus.Nothing;
import io.lockstep.bus.Timers;
import io.lockstep.log.HeardLeadership;
import io.lockstep.log.InMemoryEngine;
import io.lockstep.log.OrderedLog;
import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.LogEntry;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.Sequenced;
import io.lockstep.model.SequencerRecord;
import io.lockstep.model.SequencerStatus;
import io.lockstep.model.SessionId;
import io.lockstep.model.Step;
import io.lockstep.model.Term;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.model.WriteKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SequencerTest {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final SequencerBounds BOUNDS =
      new SequencerBounds(8, 10_000, 4, 2_000, 1, Duration.ZERO, Duration.ofMillis(1), 3);

  private final InMemoryEngine engine = new InMemoryEngine();
  private final NodeId n1 = engine.nodes().get(0);
  private final NodeId n2 = engine.nodes().get(1);
  private final LoopBus loop = new LoopBus();
  private final Bus client = loop.of(new NodeId("client"));
  private final Map<NodeId, Sequencer> sequencers = new HashMap<>();
  private final List<Runnable> timers = new ArrayList<>();
  private final List<Throwable> broken = new ArrayList<>();
  private final List<SequencerRecord> records = new ArrayList<>();
  private final List<NodeId> deaf = new ArrayList<>();
  private Seq applied = Seq.NONE;

  SequencerTest() {
    client.hear(Addresses.SEQUENCER_RECORD, records::add);
    engine.nodes().forEach(this::startSequencer);
  }

  @Test
  void a_node_that_does_not_lead_takes_nothing_and_says_whom_to_ask() {
    engine.elect(n1);
    engine.settle();
    assertEquals(new Sequenced.NotHere(new Term(1), Optional.of(n1)), propose(n2, 1).result());
  }

  @Test
  void the_first_write_has_the_first_place_and_is_answered_when_it_is_committed() {
    engine.elect(n1);
    Future<Sequenced> answer = propose(n1, 1);
    assertFalse(answer.isComplete());
    engine.settle();
    assertEquals(new Sequenced.At(new Seq(1)), answer.result());
  }

  @Test
  void what_arrives_while_an_append_is_under_way_shares_the_next_entry() {
    engine.elect(n1);
    List<Future<Sequenced>> answers = LongStream.range(1, 5).mapToObj(i -> propose(n1, i)).toList();
    engine.settle();
    assertEquals(
        List.of(1L, 2L, 3L, 4L), answers.stream().map(answer -> seq(answer).value()).toList());
    assertEquals(List.of(1, 3), entries(n1).stream().map(entry -> entry.writes().size()).toList());
  }

  @Test
  void a_new_leader_goes_on_where_the_old_one_stopped() {
    engine.elect(n1);
    propose(n1, 1);
    propose(n1, 2);
    engine.settle();
    engine.elect(n2);
    Future<Sequenced> answer = propose(n2, 3);
    engine.settle();
    assertEquals(new Seq(3), seq(answer));
    assertEquals(
        List.of(new SequencerRecord(new Term(1), n1), new SequencerRecord(new Term(2), n2)),
        records);
  }

  @Test
  void a_leader_of_a_log_that_is_purged_goes_on_after_what_its_database_has_applied() {
    applied = new Seq(70);
    engine.elect(n1);
    Future<Sequenced> answer = propose(n1, 1);
    engine.settle();
    assertEquals(new Seq(71), seq(answer));
  }

  @Test
  void a_proposal_that_is_under_way_already_gets_the_same_answer_and_one_place() {
    engine.elect(n1);
    Future<Sequenced> once = propose(n1, 1);
    Future<Sequenced> again = propose(n1, 1);
    engine.settle();
    assertEquals(new Seq(1), seq(once));
    assertEquals(new Seq(1), seq(again));
    assertEquals(1, entries(n1).size());
  }

  @Test
  void a_queue_at_its_bound_refuses_the_next_write() {
    engine.elect(n1);
    for (long i = 1; i <= 9; i++) {
      assertFalse(propose(n1, i).isComplete());
    }
    assertEquals(new Sequenced.Full(8), propose(n1, 10).result());
  }

  @Test
  void a_queue_is_bounded_in_bytes_too() {
    engine.elect(n1);
    propose(n1, 1);
    propose(n1, write(2, 9_000));
    assertEquals(new Sequenced.Full(8), propose(n1, write(3, 9_000)).result());
  }

  @Test
  void a_long_write_has_an_entry_of_its_own() {
    engine.elect(n1);
    propose(n1, 1);
    propose(n1, write(2, 1_000));
    propose(n1, write(3, 5_000));
    propose(n1, 4);
    engine.settle();
    assertEquals(4, entries(n1).size());
  }

  @Test
  void after_an_append_of_unknown_fate_it_asks_the_log_where_the_order_stands() {
    engine.elect(n1);
    Future<Sequenced> lost = propose(n1, 1);
    engine.cluster().loseSightOfAppends(n1);
    assertEquals(new Sequenced.Unknown(id(1)), lost.result());
    assertEquals(SequencerStatus.Role.CATCHING_UP, role(n1));
    Future<Sequenced> next = propose(n1, 2);
    engine.settle();
    assertEquals(new Seq(2), seq(next));
    assertEquals(List.of(1L, 2L), entries(n1).stream().map(e -> e.firstSeq().value()).toList());
  }

  @Test
  void after_an_append_that_was_refused_the_same_place_is_given_again() {
    engine.elect(n1);
    engine.cluster().refuseNext(n1);
    assertInstanceOf(Sequenced.Full.class, propose(n1, 1).result());
    Future<Sequenced> next = propose(n1, 2);
    engine.settle();
    assertEquals(new Seq(1), seq(next));
  }

  @Test
  void a_leader_that_is_deposed_sends_what_waits_elsewhere_and_calls_what_is_under_way_unknown() {
    engine.elect(n1);
    Future<Sequenced> underWay = propose(n1, 1);
    Future<Sequenced> queued = propose(n1, 2);
    sequencers(n1).following(new Term(2), Optional.of(n2));
    assertEquals(new Sequenced.NotHere(new Term(2), Optional.of(n2)), queued.result());
    assertFalse(underWay.isComplete());
    engine.cluster().loseSightOfAppends(n1);
    assertEquals(new Sequenced.Unknown(id(1)), underWay.result());
    assertEquals(SequencerStatus.Role.FOLLOWING, role(n1));
  }

  @Test
  void a_leader_that_has_not_heard_of_its_successor_places_nothing() {
    engine.elect(n1);
    deaf.add(n1);
    engine.elect(n2);
    assertEquals(SequencerStatus.Role.LEADING, role(n1));
    Future<Sequenced> late = propose(n1, 1);
    engine.settle();
    assertInstanceOf(Sequenced.NotHere.class, late.result());
    assertEquals(SequencerStatus.Role.FOLLOWING, role(n1));
    assertTrue(entries(n2).isEmpty());
  }

  @Test
  void the_head_counts_every_write_that_was_placed_before_the_question() {
    engine.elect(n1);
    propose(n1, 1);
    var head = client.ask(Addresses.HEAD, n1, Nothing.NOTHING, SOON);
    assertFalse(head.isComplete());
    engine.settle();
    assertEquals(new Seq(1), head.result().seq());
  }

  @Test
  void a_node_that_does_not_lead_knows_no_head() {
    engine.elect(n1);
    assertTrue(client.ask(Addresses.HEAD, n2, Nothing.NOTHING, SOON).failed());
  }

  @Test
  void it_hands_over_when_it_is_asked_to() {
    engine.elect(n1);
    var handed = client.ask(Addresses.RESIGN, n1, n2, SOON);
    engine.settle();
    assertTrue(handed.succeeded());
    assertEquals(SequencerStatus.Role.LEADING, role(n2));
  }

  @Test
  void it_goes_on_in_its_term_when_nobody_took_over() {
    engine.elect(n1);
    engine.kill(n2);
    var handed = client.ask(Addresses.RESIGN, n1, n2, SOON);
    assertInstanceOf(Sequenced.NotHere.class, propose(n1, 1).result());
    assertEquals(SequencerStatus.Role.CATCHING_UP, role(n1));
    for (int i = 0; i < 5 && !handed.isComplete(); i++) {
      engine.settle();
    }
    assertTrue(handed.failed());
    List.copyOf(timers).forEach(Runnable::run);
    engine.settle();
    assertEquals(SequencerStatus.Role.LEADING, role(n1));
    Future<Sequenced> next = propose(n1, 2);
    engine.settle();
    assertEquals(new Seq(1), seq(next));
  }

  @Test
  void a_log_that_never_says_where_it_ends_stops_the_node() {
    Sequencer alone = sequencer(n1, new SilentLog());
    alone.leading(new Term(1), new LogIndex(0));
    for (int i = 0; i < BOUNDS.attemptsMax(); i++) {
      List.copyOf(timers).forEach(Runnable::run);
    }
    assertEquals(1, broken.size());
    assertEquals(SequencerStatus.Role.FOLLOWING, alone.role().name());
  }

  private void startSequencer(NodeId node) {
    engine.kill(node);
    engine.start(
        node,
        new HeardLeadership() {
          @Override
          public synchronized void leading(Term term, LogIndex barrier) {
            super.leading(term, barrier);
            if (!deaf.contains(node)) {
              sequencers(node).leading(term, barrier);
            }
          }

          @Override
          public synchronized void following(Term term, Optional<NodeId> leader) {
            super.following(term, leader);
            if (sequencers.containsKey(node) && !deaf.contains(node)) {
              sequencers(node).following(term, leader);
            }
          }
        });
    Sequencer made = sequencer(node, engine.log(node));
    sequencers.put(node, made);
    made.start();
  }

  private Sequencer sequencer(NodeId node, OrderedLog log) {
    return new Sequencer(
        new SequencerPorts(
            node,
            log,
            loop.of(node),
            new FiredByHand(),
            Runnable::run,
            () -> applied,
            () -> false,
            broken::add),
        BOUNDS,
        new SequencerMetrics(new SimpleMeterRegistry()));
  }

  private Sequencer sequencers(NodeId node) {
    return Optional.ofNullable(sequencers.get(node)).orElseThrow();
  }

  private SequencerStatus.Role role(NodeId node) {
    return sequencers(node).role().name();
  }

  private Future<Sequenced> propose(NodeId to, long counter) {
    return propose(to, write(counter, 10));
  }

  private Future<Sequenced> propose(NodeId to, Write write) {
    return client.ask(Addresses.PROPOSE, to, write, SOON);
  }

  private static Seq seq(Future<Sequenced> answer) {
    return assertInstanceOf(Sequenced.At.class, answer.result()).seq();
  }

  private List<LogEntry> entries(NodeId node) {
    List<LogEntry> entries = new ArrayList<>();
    engine
        .cluster()
        .committed(node, entry -> entries.add(new LogEntryCodec().decode(entry.payload())));
    return entries;
  }

  private static WriteId id(long counter) {
    return new WriteId(new SessionId(1, 1), counter);
  }

  private Write write(long counter, int length) {
    return new Write(
        id(counter),
        WriteKind.DML,
        n1,
        n1,
        new Account("root", "localhost"),
        Seq.NONE,
        List.of(
            new Step.Statement("", List.of(), Bytes.utf8("x".repeat(length)), Optional.empty())),
        false);
  }

  private final class FiredByHand implements Timers {
    @Override
    public Timer after(Duration delay, Runnable action) {
      timers.add(action);
      return () -> timers.remove(action);
    }

    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public Instant now() {
      return Instant.EPOCH;
    }
  }
}
