package io.lockstep.sequencer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.bus.LoopBus;
import io.lockstep.bus.Timers;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GatheringTest {
  private static final NodeId NODE = new NodeId("n1");
  private static final int PAUSES = 3;
  private static final SequencerBounds BOUNDS =
      new SequencerBounds(8, 10_000, 4, 2_000, 1, PAUSES, Duration.ofMillis(1), 3);

  private final ArrayDeque<Runnable> timers = new ArrayDeque<>();
  private Seq applied = Seq.NONE;
  private int looks;
  private final Gathering gathering = new Gathering(ports(), BOUNDS, () -> looks++);

  @Test
  void a_proposal_does_not_wait_when_everything_before_it_is_applied() {
    applied = new Seq(7);
    assertFalse(gathering.holds(1, new Seq(7)));
    assertTrue(timers.isEmpty());
  }

  @Test
  void proposals_wait_while_more_writes_than_they_are_under_way() {
    assertTrue(gathering.holds(3, new Seq(4)));
    assertFalse(gathering.holds(4, new Seq(4)));
  }

  @Test
  void they_wait_no_longer_when_the_earlier_writes_are_applied() {
    assertTrue(gathering.holds(1, new Seq(4)));
    applied = new Seq(3);
    timers.remove().run();
    assertEquals(1, looks);
    assertFalse(gathering.holds(1, new Seq(4)));
  }

  @Test
  void a_database_that_stands_still_holds_them_up_for_a_few_pauses_only() {
    for (int pause = 0; pause < PAUSES; pause++) {
      assertTrue(gathering.holds(1, new Seq(4)));
      assertTrue(gathering.holds(2, new Seq(4)), "more proposals do not make it longer");
      timers.remove().run();
    }
    assertFalse(gathering.holds(1, new Seq(4)));
    assertTrue(timers.isEmpty());
  }

  private SequencerPorts ports() {
    return new SequencerPorts(
        NODE,
        new SilentLog(),
        new LoopBus().of(NODE),
        new ByHand(),
        Runnable::run,
        () -> applied,
        broken -> {});
  }

  private final class ByHand implements Timers {
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
