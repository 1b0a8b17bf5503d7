package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.bus.BusException;
import io.lockstep.bus.ManualTimers;
import io.lockstep.model.Account;
import io.lockstep.model.Applied;
import io.lockstep.model.Bytes;
import io.lockstep.model.NodeId;
import io.lockstep.model.Outcome;
import io.lockstep.model.Seq;
import io.lockstep.model.Sequenced;
import io.lockstep.model.SequencerRecord;
import io.lockstep.model.SessionId;
import io.lockstep.model.Step;
import io.lockstep.model.Term;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.model.WriteKind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WriteIntakeTest {
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");
  private static final WriteId ID = new WriteId(new SessionId(1, 2), 1);
  private static final Applied APPLIED = new Applied(ID, new Seq(7), Outcome.Done.ok());

  private final ScriptedBus bus = new ScriptedBus();
  private final ManualTimers timers = new ManualTimers();
  private final WriteIntake intake = new WriteIntake(bus, timers, hint(), IntakeBounds.DEFAULT);

  WriteIntakeTest() {
    intake.start();
  }

  @Test
  void a_write_that_is_placed_is_answered_with_its_outcome() {
    answers(new Sequenced.At(new Seq(7)));
    var applied = intake.submit(write());
    assertFalse(applied.isComplete());
    bus.outcome(APPLIED);
    assertEquals(APPLIED, applied.result());
    assertEquals(0, intake.inFlight());
  }

  @Test
  void who_asks_hears_that_a_write_is_placed_before_its_outcome() {
    answers(new Sequenced.Full(10), new Sequenced.At(new Seq(7)));
    int[] placed = {0};
    Write write = write();
    var applied = intake.submit(write, write::master, () -> placed[0]++);
    assertEquals(0, placed[0]);
    timers.pass(Duration.ofMillis(200));
    assertEquals(1, placed[0]);
    assertFalse(applied.isComplete());
  }

  @Test
  void an_outcome_may_come_before_the_answer_of_the_sequencer() {
    bus.answers.add(Future.failedFuture("lost"));
    var applied = intake.submit(write());
    bus.outcome(APPLIED);
    assertEquals(APPLIED, applied.result());
  }

  @Test
  void advice_where_the_sequencer_is_gets_followed() {
    answers(new Sequenced.NotHere(Term.NONE, Optional.of(N2)), new Sequenced.At(new Seq(7)));
    intake.submit(write());
    timers.pass(Duration.ofMillis(50));
    assertEquals(List.of(N1, N2), bus.proposals.stream().map(ScriptedBus.Proposed::to).toList());
  }

  @Test
  void the_same_write_is_proposed_again_when_its_outcome_stays_away() {
    answers(new Sequenced.At(new Seq(7)));
    intake.submit(write());
    timers.pass(Duration.ofSeconds(1));
    assertEquals(2, bus.proposals.size());
    assertEquals(bus.proposals.get(0).write().id(), bus.proposals.get(1).write().id());
  }

  @Test
  void a_write_whose_master_is_gone_is_proposed_for_another_at_once() {
    answers(new Sequenced.At(new Seq(7)));
    NodeId[] master = {N1};
    intake.submit(write(), () -> master[0]);
    master[0] = N2;
    intake.gone(N1);
    assertEquals(N2, bus.proposals.get(1).write().master());
  }

  @Test
  void a_write_whose_master_is_there_waits_on_when_another_node_is_gone() {
    answers(new Sequenced.At(new Seq(7)));
    intake.submit(write());
    intake.gone(N2);
    assertEquals(1, bus.proposals.size());
  }

  @Test
  void a_proposal_to_a_node_that_sequences_no_more_is_made_to_the_one_that_does() {
    bus.answers.add(Promise.<Sequenced>promise().future());
    answers(new Sequenced.At(new Seq(7)));
    intake.submit(write());
    intake.sequencedBy(new SequencerRecord(new Term(2), N2));
    assertEquals(List.of(N1, N2), bus.proposals.stream().map(ScriptedBus.Proposed::to).toList());
  }

  @Test
  void a_proposal_that_the_new_sequencer_has_already_is_not_made_twice() {
    bus.answers.add(Promise.<Sequenced>promise().future());
    intake.submit(write());
    intake.sequencedBy(new SequencerRecord(new Term(2), N1));
    assertEquals(1, bus.proposals.size());
  }

  @Test
  void a_refused_proposal_does_not_sit_out_its_pause_when_a_node_begins_to_sequence() {
    answers(new Sequenced.NotHere(Term.NONE, Optional.empty()), new Sequenced.At(new Seq(7)));
    intake.submit(write());
    intake.sequencedBy(new SequencerRecord(new Term(2), N2));
    assertEquals(List.of(N1, N2), bus.proposals.stream().map(ScriptedBus.Proposed::to).toList());
  }

  @Test
  void a_write_that_has_its_place_is_not_proposed_again_for_a_new_sequencer() {
    answers(new Sequenced.At(new Seq(7)));
    intake.submit(write());
    intake.sequencedBy(new SequencerRecord(new Term(2), N2));
    assertEquals(1, bus.proposals.size());
  }

  @Test
  void advice_of_an_older_term_than_is_known_is_not_followed() {
    bus.answers.add(Promise.<Sequenced>promise().future());
    answers(new Sequenced.NotHere(new Term(1), Optional.of(N1)), new Sequenced.At(new Seq(7)));
    intake.submit(write());
    intake.sequencedBy(new SequencerRecord(new Term(2), N2));
    timers.pass(Duration.ofMillis(50));
    assertEquals(
        List.of(N1, N2, N2), bus.proposals.stream().map(ScriptedBus.Proposed::to).toList());
  }

  @Test
  void a_later_write_does_not_follow_old_advice_either() {
    answers(new Sequenced.NotHere(new Term(1), Optional.of(N1)), new Sequenced.At(new Seq(7)));
    intake.sequencedBy(new SequencerRecord(new Term(2), N2));
    intake.submit(write());
    timers.pass(Duration.ofMillis(50));
    assertEquals(List.of(N1, N2), bus.proposals.stream().map(ScriptedBus.Proposed::to).toList());
  }

  @Test
  void who_was_asked_before_the_new_sequencer_may_have_taken_the_write() {
    bus.answers.add(Promise.<Sequenced>promise().future());
    answers(new Sequenced.NotHere(Term.NONE, Optional.empty()));
    var applied = intake.submit(write());
    intake.sequencedBy(new SequencerRecord(new Term(2), N2));
    timers.pass(Duration.ofSeconds(31));
    assertInstanceOf(OutcomeUnknownException.class, applied.cause());
  }

  @Test
  void a_write_that_nobody_ever_took_is_safe_to_try_again() {
    bus.answers.add(
        Future.failedFuture(
            new BusException(BusException.Reason.NOBODY_THERE, "n1", new IllegalStateException())));
    bus.answers.add(Future.succeededFuture(new Sequenced.Full(10)));
    bus.answers.add(Future.succeededFuture(new Sequenced.NotHere(Term.NONE, Optional.empty())));
    var applied = intake.submit(write());
    timers.pass(Duration.ofSeconds(31));
    assertInstanceOf(NotWrittenException.class, applied.cause());
  }

  @Test
  void a_proposal_without_an_answer_may_have_been_taken() {
    bus.answers.add(Future.failedFuture("timeout"));
    bus.answers.add(Future.succeededFuture(new Sequenced.NotHere(Term.NONE, Optional.empty())));
    var applied = intake.submit(write());
    timers.pass(Duration.ofSeconds(31));
    assertInstanceOf(OutcomeUnknownException.class, applied.cause());
  }

  @Test
  void an_append_of_unknown_fate_may_have_been_taken() {
    answers(new Sequenced.Unknown(ID), new Sequenced.NotHere(Term.NONE, Optional.empty()));
    var applied = intake.submit(write());
    timers.pass(Duration.ofSeconds(31));
    assertInstanceOf(OutcomeUnknownException.class, applied.cause());
  }

  @Test
  void everybody_is_asked_in_turn_when_the_hint_is_wrong() {
    answers(new Sequenced.NotHere(Term.NONE, Optional.empty()));
    intake.submit(write());
    timers.pass(Duration.ofSeconds(5));
    assertTrue(bus.proposals.stream().anyMatch(proposed -> proposed.to().equals(N2)));
  }

  private void answers(Sequenced... script) {
    for (Sequenced answer : script) {
      bus.answers.add(Future.succeededFuture(answer));
    }
  }

  @Test
  void the_last_definition_that_a_client_knows_of_is_known() {
    answers(new Sequenced.At(new Seq(7)), new Sequenced.At(new Seq(7)));
    intake.submit(write());
    bus.outcome(APPLIED);
    assertEquals(Seq.NONE, intake.defined());
    intake.submit(write(WriteKind.ACCOUNT));
    assertEquals(Seq.NONE, intake.defined());
    bus.outcome(APPLIED);
    assertEquals(new Seq(7), intake.defined());
  }

  private static Write write() {
    return write(WriteKind.DML);
  }

  private static Write write(WriteKind kind) {
    return new Write(
        ID,
        kind,
        N1,
        N1,
        new Account("root", "localhost"),
        Seq.NONE,
        List.of(
            new Step.Statement(
                "test", List.of(), Bytes.utf8("INSERT INTO t VALUES (1)"), Optional.empty())),
        false);
  }

  private static SequencerHint hint() {
    return new SequencerHint() {
      @Override
      public Optional<NodeId> designated() {
        return sequencer();
      }

      @Override
      public Optional<NodeId> sequencer() {
        return Optional.of(N1);
      }

      @Override
      public List<NodeId> nodes() {
        return List.of(N1, N2);
      }
    };
  }
}
