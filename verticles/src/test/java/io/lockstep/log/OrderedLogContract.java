package io.lockstep.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What every engine of the ordered log promises. An engine's own test extends this class. */
@DisplayNameGeneration(ReplaceUnderscores.class)
public abstract class OrderedLogContract {
  protected static final int MANY = 1_000;
  protected static final int BYTES_ENOUGH = 64 << 20;

  @SuppressWarnings("NullAway.Init")
  protected LogEngine engine;

  @SuppressWarnings("NullAway.Init")
  protected NodeId first;

  @SuppressWarnings("NullAway.Init")
  protected NodeId second;

  @SuppressWarnings("NullAway.Init")
  protected NodeId third;

  /** Three members, started. */
  protected abstract LogEngine begin();

  @BeforeEach
  void beginAndElect() {
    engine = begin();
    first = engine.nodes().get(0);
    second = engine.nodes().get(1);
    third = engine.nodes().get(2);
    engine.elect(first);
  }

  @AfterEach
  void end() {
    engine.close();
  }

  @Test
  void entries_come_back_on_every_node_in_the_order_of_the_appends() {
    List<LogIndex> places = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      places.add(engine.await(append(first, "entry " + i)));
    }
    for (NodeId node : engine.nodes()) {
      List<OrderedLog.Committed> read = readAll(node, 20);
      assertEquals(places, read.stream().map(OrderedLog.Committed::index).toList());
      for (int i = 0; i < 20; i++) {
        assertEquals(Bytes.utf8("entry " + i), read.get(i).payload());
      }
    }
  }

  @Test
  void appends_under_way_together_commit_in_the_order_of_the_calls() {
    List<Future<LogIndex>> underWay = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      underWay.add(append(first, "entry " + i));
    }
    LogIndex last = LogIndex.NONE;
    for (Future<LogIndex> append : underWay) {
      LogIndex place = engine.await(append);
      assertTrue(place.isAfter(last));
      last = place;
    }
    assertEquals(
        java.util.stream.IntStream.range(0, 30).mapToObj(i -> "entry " + i).toList(),
        texts(readAll(second, 30)));
  }

  @Test
  void a_payload_is_any_bytes_and_may_be_a_megabyte_long() {
    byte[] content = new byte[1 << 20];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i * 31 + (i >> 8));
    }
    engine.await(engine.log(first).append(term(first), Bytes.copyOf(content)));
    assertEquals(Bytes.copyOf(content), readAll(third, 1).get(0).payload());
  }

  @Test
  void a_read_goes_on_after_the_index_it_names() {
    engine.await(append(first, "a"));
    LogIndex b = engine.await(append(first, "b"));
    engine.await(append(first, "c"));
    readAll(second, 3);
    assertEquals(List.of("c"), texts(engine.await(engine.log(second).read(b, MANY, BYTES_ENOUGH))));
  }

  @Test
  void a_read_gives_no_more_entries_than_asked_for() {
    List.of("a", "b", "c").forEach(text -> engine.await(append(first, text)));
    readAll(second, 3);
    assertEquals(
        List.of("a", "b"),
        texts(engine.await(engine.log(second).read(LogIndex.NONE, 2, BYTES_ENOUGH))));
  }

  @Test
  void a_read_gives_no_more_bytes_than_asked_for_but_always_one_entry() {
    List.of("aaaa", "bb", "cc").forEach(text -> engine.await(append(first, text)));
    LogIndex a = readAll(second, 3).get(0).index();
    assertEquals(
        List.of("aaaa"), texts(engine.await(engine.log(second).read(LogIndex.NONE, MANY, 3))));
    assertEquals(List.of("bb", "cc"), texts(engine.await(engine.log(second).read(a, MANY, 4))));
    assertEquals(List.of("bb"), texts(engine.await(engine.log(second).read(a, MANY, 3))));
  }

  @Test
  void a_read_at_the_end_waits_for_the_next_entry() {
    LogIndex a = engine.await(append(first, "a"));
    Future<List<OrderedLog.Committed>> waiting = engine.log(first).read(a, MANY, BYTES_ENOUGH);
    engine.settle();
    assertFalse(waiting.isComplete());
    engine.await(append(first, "b"));
    assertEquals(List.of("b"), texts(engine.await(waiting)));
  }

  @Test
  void a_second_reader_is_refused_while_the_first_one_waits() {
    engine.log(first).read(LogIndex.NONE, MANY, BYTES_ENOUGH);
    Future<List<OrderedLog.Committed>> other =
        engine.log(first).read(LogIndex.NONE, MANY, BYTES_ENOUGH);
    assertThrows(IllegalStateException.class, () -> engine.await(other));
  }

  @Test
  void only_the_leader_takes_an_append_and_the_others_say_so() {
    Term term = term(first);
    Future<LogIndex> append = engine.log(second).append(term, Bytes.utf8("x"));
    assertThrows(OrderedLog.NotLeaderException.class, () -> engine.await(append));
  }

  @Test
  void an_append_in_an_older_term_never_enters_the_log() {
    final Term old = term(first);
    engine.elect(second);
    engine.elect(first);
    assertTrue(term(first).isAfter(old));
    Future<LogIndex> late = engine.log(first).append(old, Bytes.utf8("late"));
    assertThrows(OrderedLog.NotLeaderException.class, () -> engine.await(late));
    engine.await(append(first, "new"));
    assertEquals(List.of("new"), texts(readAll(third, 1)));
  }

  @Test
  void a_new_leader_can_read_everything_older_and_knows_the_last_of_it() {
    engine.await(append(first, "a"));
    LogIndex b = engine.await(append(first, "b"));
    engine.elect(second);
    HeardLeadership.Reigned reign = reign(second);
    assertTrue(reign.barrier().isAfter(b));
    OrderedLog.Committed last =
        engine.await(engine.log(second).lastBefore(reign.barrier())).orElseThrow();
    assertEquals(new OrderedLog.Committed(b, Bytes.utf8("b")), last);
    assertEquals(List.of("a", "b"), texts(readAll(second, 2)));
  }

  @Test
  void a_log_without_entries_has_no_last_one() {
    assertEquals(
        Optional.empty(), engine.await(engine.log(first).lastBefore(reign(first).barrier())));
  }

  @Test
  void a_leader_that_is_replaced_hears_of_it() {
    final int before = engine.heard(first).losses();
    engine.elect(second);
    engine.settle();
    assertFalse(engine.heard(first).leads());
    assertTrue(engine.heard(first).losses() > before);
    assertTrue(reign(second).term().isAfter(reign(first).term()));
  }

  @Test
  void a_barrier_lies_behind_every_append_before_it_and_is_never_read() {
    Future<LogIndex> a = append(first, "a");
    LogIndex barrier = engine.await(engine.log(first).barrier(term(first)));
    LogIndex b = engine.await(append(first, "b"));
    assertTrue(barrier.isAfter(engine.await(a)));
    assertTrue(b.isAfter(barrier));
    assertEquals(List.of("a", "b"), texts(readAll(second, 2)));
    assertEquals(
        Bytes.utf8("a"),
        engine.await(engine.log(first).lastBefore(barrier)).orElseThrow().payload());
  }

  @Test
  void a_barrier_of_an_older_term_is_refused() {
    final Term old = term(first);
    engine.elect(second);
    Future<LogIndex> late = engine.log(first).barrier(old);
    assertThrows(OrderedLog.NotLeaderException.class, () -> engine.await(late));
  }

  @Test
  void the_confirmed_head_is_not_before_anything_committed() {
    LogIndex a = engine.await(append(first, "a"));
    assertTrue(engine.await(engine.log(first).confirmedHead()).value() >= a.value());
    assertTrue(engine.log(first).knownCommitted().value() >= a.value());
  }

  @Test
  void leadership_is_handed_over_on_request() {
    engine.await(append(first, "a"));
    engine.await(engine.log(first).transferTo(second));
    engine.settle();
    assertTrue(engine.heard(second).leads());
    assertFalse(engine.heard(first).leads());
    engine.await(append(second, "b"));
    assertEquals(List.of("a", "b"), texts(readAll(first, 2)));
  }

  @Test
  void what_is_appended_during_a_handover_is_refused_as_such() {
    final Future<Void> transfer = engine.log(first).transferTo(second);
    Future<LogIndex> meanwhile = append(first, "a");
    assertThrows(OrderedLog.HandingOverException.class, () -> engine.await(meanwhile));
    engine.await(transfer);
    engine.settle();
    engine.await(append(second, "b"));
    assertEquals(List.of("b"), texts(readAll(third, 1)));
  }

  @Test
  void a_leader_whose_successor_is_dead_leads_on_in_its_term() {
    final Term reign = term(first);
    engine.kill(second);
    Future<Void> transfer = engine.log(first).transferTo(second);
    for (int i = 0; i < 5 && !transfer.isComplete(); i++) {
      engine.settle();
    }
    assertTrue(transfer.failed());
    engine.await(engine.log(first).barrier(reign));
    engine.await(engine.log(first).append(reign, Bytes.utf8("a")));
    assertTrue(engine.heard(first).leads());
    assertEquals(List.of("a"), texts(readAll(third, 1)));
  }

  @Test
  void a_node_that_does_not_lead_cannot_hand_over() {
    Future<Void> transfer = engine.log(second).transferTo(third);
    assertThrows(OrderedLog.NotLeaderException.class, () -> engine.await(transfer));
  }

  @Test
  void a_majority_goes_on_without_the_leader_and_loses_nothing() {
    engine.await(append(first, "a"));
    engine.kill(first);
    engine.elect(second);
    engine.await(append(second, "b"));
    engine.start(first);
    assertEquals(List.of("a", "b"), texts(readAll(first, 2)));
  }

  @Test
  void a_minority_commits_nothing() {
    LogIndex a = engine.await(append(first, "a"));
    engine.kill(second);
    engine.kill(third);
    Future<LogIndex> alone = append(first, "b");
    engine.settle();
    assertFalse(alone.succeeded());
    assertEquals(a, engine.log(first).knownCommitted());
  }

  @Test
  void everything_committed_outlives_the_death_of_all() {
    LogIndex b = LogIndex.NONE;
    for (String text : List.of("a", "b")) {
      b = engine.await(append(first, text));
    }
    engine.nodes().forEach(engine::kill);
    engine.nodes().forEach(engine::start);
    engine.elect(third);
    LogIndex c = engine.await(append(third, "c"));
    assertTrue(c.isAfter(b));
    for (NodeId node : engine.nodes()) {
      assertEquals(List.of("a", "b", "c"), texts(readAll(node, 3)));
    }
  }

  @Test
  void entries_after_the_applied_one_are_kept() {
    LogIndex a = engine.await(append(first, "a"));
    engine.await(append(first, "b"));
    engine.log(first).applied(a);
    engine.settle();
    assertEquals(List.of("b"), texts(engine.await(engine.log(first).read(a, MANY, BYTES_ENOUGH))));
  }

  @Test
  void a_closed_log_ends_the_read_that_waits_and_takes_no_append() {
    final Term term = term(first);
    Future<List<OrderedLog.Committed>> waiting =
        engine.log(first).read(LogIndex.NONE, MANY, BYTES_ENOUGH);
    final OrderedLog closed = engine.log(first);
    engine.await(closed.close());
    assertThrows(OrderedLog.ClosedException.class, () -> engine.await(waiting));
    Future<LogIndex> late = closed.append(term, Bytes.utf8("late"));
    assertThrows(OrderedLog.ClosedException.class, () -> engine.await(late));
  }

  @Test
  void a_closed_member_takes_part_again_once_it_is_started() {
    engine.await(append(first, "a"));
    engine.await(engine.log(first).close());
    engine.elect(second);
    engine.await(append(second, "b"));
    engine.start(first);
    assertEquals(List.of("a", "b"), texts(readAll(first, 2)));
    engine.elect(first);
    assertNotEquals(LogIndex.NONE, engine.await(append(first, "c")));
  }

  protected final Future<LogIndex> append(NodeId leader, String text) {
    return engine.log(leader).append(term(leader), Bytes.utf8(text));
  }

  /** The term in which this node leads. */
  protected final Term term(NodeId leader) {
    return reign(leader).term();
  }

  protected final HeardLeadership.Reigned reign(NodeId leader) {
    List<HeardLeadership.Reigned> reigns = engine.heard(leader).reigns();
    return reigns.get(reigns.size() - 1);
  }

  /** Reads from the beginning until {@code count} entries are there. */
  protected final List<OrderedLog.Committed> readAll(NodeId node, int count) {
    List<OrderedLog.Committed> all = new ArrayList<>();
    LogIndex after = LogIndex.NONE;
    while (all.size() < count) {
      all.addAll(engine.await(engine.log(node).read(after, MANY, BYTES_ENOUGH)));
      after = all.get(all.size() - 1).index();
    }
    return all;
  }

  protected static List<String> texts(List<OrderedLog.Committed> entries) {
    return entries.stream().map(entry -> entry.payload().utf8()).toList();
  }
}
