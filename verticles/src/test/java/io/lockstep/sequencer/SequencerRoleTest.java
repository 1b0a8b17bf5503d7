package io.lockstep.sequencer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.Term;
import io.lockstep.sequencer.SequencerRole.CatchingUp;
import io.lockstep.sequencer.SequencerRole.Following;
import io.lockstep.sequencer.SequencerRole.Leading;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SequencerRoleTest {
  private static final Term OLDER = new Term(4);
  private static final Term SAME = new Term(5);
  private static final Term NEWER = new Term(6);
  private static final Optional<NodeId> N2 = Optional.of(new NodeId("n2"));
  private static final SequencerRole FOLLOWING = new Following(SAME, Optional.empty());
  private static final SequencerRole CATCHING_UP = new CatchingUp(SAME);
  private static final SequencerRole LEADING = new Leading(SAME, new Seq(41));

  record Step(
      String name, SequencerRole before, UnaryOperator<SequencerRole> event, SequencerRole after) {
    @Override
    public String toString() {
      return before + " " + name + " -> " + after;
    }
  }

  static Stream<Step> matrix() {
    return Stream.of(
        elected(FOLLOWING, OLDER, FOLLOWING),
        elected(FOLLOWING, SAME, new CatchingUp(SAME)),
        elected(FOLLOWING, NEWER, new CatchingUp(NEWER)),
        elected(CATCHING_UP, OLDER, CATCHING_UP),
        elected(CATCHING_UP, SAME, CATCHING_UP),
        elected(CATCHING_UP, NEWER, new CatchingUp(NEWER)),
        elected(LEADING, OLDER, LEADING),
        elected(LEADING, SAME, LEADING),
        elected(LEADING, NEWER, new CatchingUp(NEWER)),
        deposed(FOLLOWING, OLDER, FOLLOWING),
        deposed(FOLLOWING, SAME, new Following(SAME, N2)),
        deposed(FOLLOWING, NEWER, new Following(NEWER, N2)),
        deposed(CATCHING_UP, OLDER, CATCHING_UP),
        deposed(CATCHING_UP, SAME, new Following(SAME, N2)),
        deposed(CATCHING_UP, NEWER, new Following(NEWER, N2)),
        deposed(LEADING, OLDER, LEADING),
        deposed(LEADING, SAME, new Following(SAME, N2)),
        deposed(LEADING, NEWER, new Following(NEWER, N2)),
        interrupted(FOLLOWING, SAME, FOLLOWING),
        interrupted(CATCHING_UP, SAME, CATCHING_UP),
        interrupted(LEADING, OLDER, LEADING),
        interrupted(LEADING, SAME, new CatchingUp(SAME)),
        interrupted(LEADING, NEWER, LEADING),
        caughtUp(FOLLOWING, SAME, FOLLOWING),
        caughtUp(CATCHING_UP, OLDER, CATCHING_UP),
        caughtUp(CATCHING_UP, SAME, new Leading(SAME, new Seq(8))),
        caughtUp(CATCHING_UP, NEWER, CATCHING_UP),
        caughtUp(LEADING, SAME, LEADING));
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void every_event_leads_to_the_role_of_the_table(Step step) {
    assertEquals(step.after(), step.event().apply(step.before()));
  }

  @Test
  void only_a_leader_stamps() {
    assertTrue(FOLLOWING.stamp(1).isEmpty());
    assertTrue(CATCHING_UP.stamp(1).isEmpty());
    assertEquals(
        Optional.of(new SequencerRole.Stamping(new Leading(SAME, new Seq(44)), SAME, new Seq(41))),
        LEADING.stamp(3));
  }

  @Test
  void a_leader_knows_the_last_seq_it_took() {
    assertEquals(new Seq(40), LEADING.last());
    assertEquals(Seq.NONE, CATCHING_UP.last());
  }

  private static Step elected(SequencerRole before, Term term, SequencerRole after) {
    return new Step("elected " + term, before, role -> role.elected(term), after);
  }

  private static Step deposed(SequencerRole before, Term term, SequencerRole after) {
    return new Step("deposed " + term, before, role -> role.deposed(term, N2), after);
  }

  private static Step interrupted(SequencerRole before, Term term, SequencerRole after) {
    return new Step("interrupted " + term, before, role -> role.interrupted(term), after);
  }

  private static Step caughtUp(SequencerRole before, Term term, SequencerRole after) {
    return new Step("caught up " + term, before, role -> role.caughtUp(term, new Seq(7)), after);
  }
}
