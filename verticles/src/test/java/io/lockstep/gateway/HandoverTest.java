package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.bus.ManualTimers;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HandoverTest {
  private static final NodeId NODE = new NodeId("n1");

  private final ManualTimers timers = new ManualTimers();
  private final Promise<Seq> applied = Promise.promise();
  private final Handover handover = new Handover(node -> applied.future(), timers);
  private int released;

  private Future<Boolean> settled() {
    return settled(timers.nanos());
  }

  private Future<Boolean> settled(long since) {
    return handover.settled(
        NODE,
        since,
        () -> {
          released++;
          return Future.succeededFuture();
        });
  }

  @Test
  void nothing_is_released_where_everything_is_applied() {
    Future<Boolean> settled = settled();
    applied.complete(new Seq(7));
    timers.pass(Duration.ofSeconds(1));
    assertTrue(settled.result());
    assertEquals(0, released);
  }

  @Test
  void who_is_in_the_way_of_what_is_committed_releases_and_waits_for_it() {
    Future<Boolean> settled = settled();
    timers.pass(Duration.ofMillis(5));
    assertEquals(1, released);
    assertFalse(settled.isComplete());
    applied.complete(new Seq(7));
    assertFalse(settled.result());
  }

  @Test
  void who_has_waited_longer_runs_again_before_others() {
    long first = timers.nanos();
    timers.pass(Duration.ofMillis(5));
    Future<Boolean> newer = settled(timers.nanos());
    Future<Boolean> older = settled(first);
    timers.pass(Duration.ofMillis(5));
    applied.complete(new Seq(7));
    assertFalse(older.result());
    assertFalse(newer.isComplete());
    timers.pass(Duration.ofMillis(1));
    assertFalse(newer.result());
  }

  @Test
  void a_short_transaction_is_run_again_until_its_turn_has_come() {
    assertTrue(Handover.worthwhile(900, 0));
    assertTrue(Handover.worthwhile(9, 99));
    assertFalse(Handover.worthwhile(10, 99));
    assertFalse(Handover.worthwhile(0, 1_000));
  }

  @Test
  void it_goes_on_when_nobody_answers() {
    Future<Boolean> settled = settled();
    timers.pass(Duration.ofMillis(5));
    applied.fail("no answer");
    assertFalse(settled.result());
  }

  @Test
  void only_what_took_about_as_long_as_a_commit_may_have_waited_for_one() {
    long sent = timers.nanos();
    timers.pass(Duration.ofMillis(1));
    assertFalse(handover.mayFollow(sent, 3));
    timers.pass(Duration.ofMillis(20));
    assertTrue(handover.mayFollow(sent, 3));
    timers.pass(Duration.ofSeconds(5));
    assertFalse(handover.mayFollow(sent, 3));
  }

  @Test
  void where_all_statements_take_long_one_that_does_has_not_waited() {
    for (int i = 0; i < 500; i++) {
      long sent = timers.nanos();
      timers.pass(Duration.ofMillis(4));
      handover.cameBack(sent);
    }
    long sent = timers.nanos();
    timers.pass(Duration.ofMillis(20));
    assertFalse(handover.mayFollow(sent, 3));
    timers.pass(Duration.ofMillis(20));
    assertTrue(handover.mayFollow(sent, 3));
  }

  @Test
  void a_long_transaction_is_not_run_again_for_a_short_wait() {
    long sent = timers.nanos();
    timers.pass(Duration.ofMillis(20));
    assertTrue(handover.mayFollow(sent, 200));
    assertFalse(handover.mayFollow(sent, 1_000));
    timers.pass(Duration.ofMillis(80));
    assertTrue(handover.mayFollow(sent, 1_000));
    assertFalse(handover.mayFollow(sent, 100_000));
  }
}
