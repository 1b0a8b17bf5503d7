package io.lockstep.gateway.locks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.bus.ManualTimers;
import io.lockstep.model.Bytes;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UserLocksTest {
  private static final Bytes NAME = Bytes.utf8("a");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualTimers clock = new ManualTimers();
  private final ReplicatedLocks order = new ReplicatedLocks();
  private final ReplicatedLocks.Door door1 = order.new Door();
  private final ReplicatedLocks.Door door2 = order.new Door();
  private final List<Long> ended = new ArrayList<>();
  private final UserLocks n1 = new UserLocks("n1/1", door1, order, clock, ended::add);
  private final UserLocks n2 = new UserLocks("n2/1", door2, order, clock, ended::add);
  private final SessionLocks one = new SessionLocks(n1, clock, 101);
  private final SessionLocks two = new SessionLocks(n2, clock, 102);

  UserLocksTest() {
    n1.start();
    n2.start();
  }

  @Test
  void a_lock_is_had_by_one_session_of_the_cluster() {
    assertTrue(one.get(NAME, 0).result());
    assertFalse(two.get(NAME, 0).result());
    assertEquals(Optional.of(101L), two.owner(NAME).result());
    assertEquals(Optional.of(false), two.release(NAME).result());
    assertEquals(Optional.of(true), one.release(NAME).result());
    assertEquals(Optional.empty(), one.release(NAME).result());
    assertTrue(two.get(NAME, 0).result());
  }

  @Test
  void a_lock_is_given_back_as_often_as_it_was_taken() {
    one.get(NAME, 0);
    one.get(NAME, 0);
    assertEquals(Optional.of(true), one.release(NAME).result());
    assertFalse(two.get(NAME, 0).result());
    assertEquals(Optional.of(true), one.release(NAME).result());
    assertTrue(two.get(NAME, 0).result());
  }

  @Test
  void all_locks_are_given_back_at_once() {
    one.get(NAME, 0);
    one.get(NAME, 0);
    one.get(Bytes.utf8("b"), 0);
    assertEquals(3L, one.releaseAll().result());
    assertEquals(0L, one.releaseAll().result());
    assertTrue(two.get(NAME, 0).result());
  }

  @Test
  void who_waits_gets_the_lock_when_it_is_free() {
    one.get(NAME, 0);
    Future<Boolean> waiting = two.get(NAME, 10);
    clock.pass(SECOND);
    assertFalse(waiting.isComplete());
    one.release(NAME);
    clock.pass(SECOND);
    assertTrue(waiting.result());
  }

  @Test
  void who_waits_in_vain_is_told_when_the_time_is_over() {
    one.get(NAME, 0);
    Future<Boolean> waiting = two.get(NAME, 2.5);
    clock.pass(Duration.ofMillis(2_400));
    assertFalse(waiting.isComplete());
    clock.pass(Duration.ofMillis(200));
    assertFalse(waiting.result());
  }

  @Test
  void a_wait_that_is_interrupted_takes_nothing_later() {
    one.get(NAME, 0);
    Future<Boolean> waiting = two.get(NAME, 10);
    assertTrue(two.interrupt());
    assertInstanceOf(SessionLocks.InterruptedWaitException.class, waiting.cause());
    one.release(NAME);
    clock.pass(SECOND);
    assertTrue(one.get(NAME, 0).result());
  }

  @Test
  void a_session_that_ends_leaves_no_lock() {
    one.get(NAME, 0);
    one.end();
    assertTrue(two.get(NAME, 0).result());
  }

  @Test
  void a_lock_stays_while_its_gateway_lives() {
    one.get(NAME, 0);
    clock.pass(Duration.ofMinutes(5));
    assertFalse(two.get(NAME, 0).result());
    assertTrue(one.sure());
    assertEquals(List.of(), ended);
  }

  @Test
  void a_lock_of_a_dead_gateway_becomes_free() {
    UserLocks dead = new UserLocks("n3/1", order.new Door(), order, clock, ended::add);
    new SessionLocks(dead, clock, 103).get(NAME, 0);
    Future<Boolean> waiting = two.get(NAME, 60);
    clock.pass(UserLocks.BROKEN_AFTER.minus(SECOND));
    assertFalse(waiting.isComplete());
    clock.pass(Duration.ofSeconds(6));
    assertTrue(waiting.result());
  }

  @Test
  void a_gateway_that_is_cut_off_ends_its_holders_before_others_get_their_locks() {
    one.get(NAME, 0);
    Future<Boolean> waiting = two.get(NAME, 60);
    clock.pass(Duration.ofSeconds(5));
    door1.cut(true);
    for (int i = 0; i < 300 && !waiting.isComplete(); i++) {
      clock.pass(Duration.ofMillis(100));
      if (one.sure() && ended.isEmpty()) {
        assertFalse(waiting.isComplete(), "two sessions believe to have the lock");
      }
    }
    assertTrue(waiting.result());
    assertEquals(List.of(101L), ended);
  }

  @Test
  void a_holder_is_not_sure_any_more_when_its_gateway_stood_still() {
    one.get(NAME, 0);
    assertTrue(one.sure());
    clock.standStill(UserLocks.LOST_AFTER.plus(SECOND));
    assertFalse(one.sure());
  }

  @Test
  void a_holder_that_heard_of_its_lock_too_late_is_not_sure_while_others_of_its_gateway_are() {
    SessionLocks other = new SessionLocks(n1, clock, 103);
    other.get(Bytes.utf8("b"), 0);
    door1.slow(true);
    one.get(NAME, 0);
    door1.slow(false);
    clock.pass(UserLocks.LOST_AFTER.plus(SECOND));
    door1.answer();
    assertTrue(other.sure());
    assertFalse(one.sure());
    clock.pass(UserLocks.RENEW_EVERY);
    assertEquals(List.of(101L), ended);
  }

  @Test
  void a_session_that_is_reset_goes_on_when_its_locks_are_certainly_free() {
    one.get(NAME, 0);
    door1.slow(true);
    Future<Void> reset = one.reset();
    assertFalse(reset.isComplete());
    door1.answer();
    assertTrue(reset.succeeded());
  }

  @Test
  void a_lock_that_was_renewed_meanwhile_is_not_taken_away() {
    one.get(NAME, 0);
    LockRow seen = order.read().result().get(0);
    clock.pass(Duration.ofSeconds(4));
    assertFalse(door2.breakUp(seen).result());
    assertFalse(two.get(NAME, 0).result());
  }
}
