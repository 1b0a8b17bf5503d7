package io.lockstep.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class Many_things_one_by_one {
  private static final int MANY = 200_000;
  private final Deque<Promise<Boolean>> underWay = new ArrayDeque<>();
  private int begun;

  private Future<Boolean> all(int count) {
    return OneByOne.all(() -> begun < count, this::begin);
  }

  private Future<Boolean> begin() {
    begun++;
    Promise<Boolean> promise = Promise.promise();
    underWay.add(promise);
    return promise.future();
  }

  @Test
  void do_not_grow_the_stack_when_they_are_answered_late() {
    Future<Boolean> all = all(MANY);
    for (int i = 0; i < MANY; i++) {
      assertEquals(1, underWay.size());
      underWay.remove().complete(true);
    }
    assertTrue(all.result());
  }

  @Test
  void do_not_grow_the_stack_when_they_are_answered_at_once() {
    Future<Boolean> all =
        OneByOne.all(
            () -> begun < MANY,
            () -> {
              begun++;
              return Future.succeededFuture(true);
            });
    assertTrue(all.result());
  }

  @Test
  void end_with_the_first_that_says_no() {
    Future<Boolean> all = all(3);
    underWay.remove().complete(true);
    underWay.remove().complete(false);
    assertFalse(all.result());
    assertEquals(2, begun);
  }

  @Test
  void end_with_the_first_that_fails() {
    RuntimeException why = new IllegalStateException("lost");
    Future<Boolean> all = all(3);
    underWay.remove().fail(why);
    assertSame(why, all.cause());
    assertEquals(1, begun);
  }

  @Test
  void fail_with_what_cannot_be_begun() {
    RuntimeException why = new IllegalStateException("a defect");
    Future<Boolean> all =
        OneByOne.all(
            () -> true,
            () -> {
              throw why;
            });
    assertSame(why, all.cause());
  }

  @Test
  void are_all_well_when_there_are_none() {
    assertTrue(all(0).result());
  }
}
