package io.lockstep.runtime.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.bus.Timers;
import io.lockstep.model.NodeId;
import io.lockstep.model.SequencerRecord;
import io.lockstep.model.Term;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SequencerElectionTest {
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");
  private static final NodeId N3 = new NodeId("n3");
  private static final Term FIVE = new Term(5);

  private List<NodeId> view = List.of(N1, N2, N3);
  private Optional<SequencerRecord> record = Optional.empty();
  private final Set<NodeId> unfit = new HashSet<>();
  private final List<NodeId> pushes = new ArrayList<>();
  private final List<NodeId> succeeded = new ArrayList<>();
  private final Clock clock = new Clock();
  private final SequencerElection election = electionAt(N2);

  private SequencerElection electionAt(NodeId self) {
    return new SequencerElection(
        self,
        3,
        new View(),
        new OneRecord(),
        node -> !unfit.contains(node),
        this::push,
        this::succeed,
        clock);
  }

  private Future<Void> succeed(NodeId gone) {
    succeeded.add(gone);
    return Future.succeededFuture();
  }

  private Future<Void> push(NodeId successor) {
    pushes.add(successor);
    return Future.succeededFuture();
  }

  @Test
  void the_first_fit_node_of_a_majority_should_sequence() {
    election.start();
    assertEquals(Optional.of(N1), election.preferred());
    unfit.add(N1);
    assertEquals(Optional.of(N2), election.preferred());
  }

  @Test
  void nobody_should_sequence_in_a_minority() {
    view = List.of(N2);
    election.start();
    assertEquals(Optional.empty(), election.preferred());
  }

  @Test
  void a_leader_writes_itself_into_the_record() {
    election.start();
    election.leading(FIVE);
    assertEquals(Optional.of(new SequencerRecord(FIVE, N2)), record);
    assertEquals(Optional.of(new SequencerRecord(FIVE, N2)), election.standing());
  }

  @Test
  void a_record_of_a_higher_term_stays() {
    record = Optional.of(new SequencerRecord(new Term(6), N3));
    election.start();
    election.leading(FIVE);
    assertEquals(Optional.of(new SequencerRecord(new Term(6), N3)), record);
    assertEquals(Optional.of(new SequencerRecord(new Term(6), N3)), election.standing());
  }

  @Test
  void a_leader_repeats_its_record_when_a_merge_brought_back_another() {
    election.start();
    election.leading(FIVE);
    record = Optional.of(new SequencerRecord(new Term(4), N1));
    clock.pass(SequencerElection.LOOK);
    assertEquals(Optional.of(new SequencerRecord(FIVE, N2)), record);
  }

  @Test
  void a_leader_hands_over_to_the_first_node_once_the_view_is_calm() {
    election.start();
    election.leading(FIVE);
    clock.pass(SequencerElection.CALM.minusSeconds(1));
    assertEquals(List.of(), pushes);
    clock.pass(Duration.ofSeconds(2));
    assertEquals(List.of(N1), pushes);
  }

  @Test
  void a_new_leader_does_not_trust_an_old_view() {
    election.start();
    clock.pass(SequencerElection.CALM.multipliedBy(2));
    election.leading(FIVE);
    clock.pass(SequencerElection.CALM.minusSeconds(1));
    assertEquals(List.of(), pushes);
  }

  @Test
  void a_leader_hands_over_once_in_a_while_only() {
    election.start();
    election.leading(FIVE);
    clock.pass(SequencerElection.PAUSE);
    assertEquals(1, pushes.size());
    clock.pass(SequencerElection.CALM.plusSeconds(2));
    assertEquals(2, pushes.size());
  }

  @Test
  void a_changing_view_moves_nothing() {
    election.start();
    election.leading(FIVE);
    for (int i = 0; i < 20; i++) {
      view = i % 2 == 0 ? List.of(N1, N2) : List.of(N1, N2, N3);
      election.viewChanged();
      clock.pass(SequencerElection.CALM.minusSeconds(1));
    }
    assertEquals(List.of(), pushes);
  }

  @Test
  void a_follower_never_moves_leadership() {
    election.start();
    election.leading(FIVE);
    election.following();
    clock.pass(SequencerElection.PAUSE);
    assertEquals(List.of(), pushes);
  }

  @Test
  void the_first_node_keeps_what_it_leads() {
    SequencerElection first = electionAt(N1);
    first.start();
    first.leading(FIVE);
    clock.pass(SequencerElection.PAUSE);
    assertEquals(List.of(), pushes);
  }

  @Test
  void a_draining_leader_hands_over_to_the_next() {
    SequencerElection first = electionAt(N1);
    first.start();
    first.leading(FIVE);
    clock.pass(SequencerElection.CALM);
    unfit.add(N1);
    clock.pass(SequencerElection.LOOK);
    assertEquals(List.of(N2), pushes);
  }

  @Test
  void a_node_is_known_by_the_name_of_any_of_its_lives() {
    List<NodeId> configured = List.of(N1, new NodeId("n1-b"));
    assertEquals(Optional.of(N1), GridName.nodeOf(GridName.newLife(N1), configured));
    assertEquals(Optional.empty(), GridName.nodeOf(GridName.newLife(N3), configured));
    assertEquals(Optional.empty(), GridName.nodeOf("n1", configured));
  }

  @Test
  void who_should_sequence_now_succeeds_a_node_that_is_gone() {
    election.start();
    view = List.of(N2, N3);
    election.gone(N1);
    assertEquals(List.of(N1), succeeded);
  }

  @Test
  void the_others_leave_it_to_the_one_that_should() {
    election.start();
    view = List.of(N1, N2);
    election.gone(N3);
    assertEquals(List.of(), succeeded);
  }

  @Test
  void nobody_succeeds_a_node_in_a_minority() {
    election.start();
    view = List.of(N2);
    election.gone(N1);
    assertEquals(List.of(), succeeded);
  }

  @Test
  void who_leads_already_succeeds_nobody() {
    election.start();
    election.leading(FIVE);
    view = List.of(N2, N3);
    election.gone(N1);
    assertEquals(List.of(), succeeded);
  }

  @Test
  void a_record_is_read_as_it_was_written() {
    SequencerRecord written = new SequencerRecord(new Term(77), N3);
    assertEquals(
        Optional.of(written), GridSequencerRecords.parse(GridSequencerRecords.format(written)));
    assertEquals(Optional.empty(), GridSequencerRecords.parse("n3"));
  }

  private final class View implements Membership {
    @Override
    public List<NodeId> view() {
      return view;
    }

    @Override
    public void onChange(Runnable listener) {}

    @Override
    public void onGone(Consumer<NodeId> listener) {}
  }

  private final class OneRecord implements SequencerRecords {
    @Override
    public Optional<SequencerRecord> current() {
      return record;
    }

    @Override
    public Future<SequencerRecord> offer(SequencerRecord offered) {
      SequencerRecord stands = record.filter(old -> !offered.replaces(old)).orElse(offered);
      record = Optional.of(stands);
      return Future.succeededFuture(stands);
    }

    @Override
    public void onChange(Consumer<SequencerRecord> listener) {}
  }

  /** Time that passes when told to; one timer at a time is enough here. */
  private static final class Clock implements Timers {
    private record Waiting(long due, Runnable action) {}

    private final List<Waiting> waiting = new ArrayList<>();
    private long now;

    @Override
    public Timer after(Duration delay, Runnable action) {
      Waiting timer = new Waiting(now + delay.toNanos(), action);
      waiting.add(timer);
      return () -> waiting.remove(timer);
    }

    void pass(Duration time) {
      long until = now + time.toNanos();
      for (Optional<Waiting> next = due(until); next.isPresent(); next = due(until)) {
        waiting.remove(next.get());
        now = next.get().due();
        next.get().action().run();
      }
      now = until;
    }

    private Optional<Waiting> due(long until) {
      return waiting.stream()
          .filter(timer -> timer.due() <= until)
          .min((one, other) -> Long.compare(one.due(), other.due()));
    }

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public Instant now() {
      return Instant.ofEpochSecond(0, now);
    }
  }
}
