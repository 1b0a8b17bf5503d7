package io.lockstep.gateway.locks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.bus.ManualTimers;
import io.lockstep.model.Bytes;
import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TableLocksTest {
  private static final TableLock LOCK =
      new TableLock(new TableName("d", "t"), true, Bytes.utf8("lease"));

  private final Deque<Promise<List<TableLock>>> asked = new ArrayDeque<>();
  private final ManualTimers clock = new ManualTimers();
  private Seq changed = Seq.NONE;

  private final TableLocks locks =
      new TableLocks(
          new LockRows() {
            @Override
            public Future<List<LockRow>> read() {
              return Future.succeededFuture(List.of());
            }

            @Override
            public Future<List<TableLock>> tables() {
              Promise<List<TableLock>> promise = Promise.promise();
              asked.add(promise);
              return promise.future();
            }
          },
          clock,
          () -> changed);

  @Test
  void nothing_is_known_before_the_database_was_asked() {
    assertFalse(locks.none());
    locks.now();
    asked.remove().complete(List.of());
    assertTrue(locks.none());
  }

  @Test
  void the_database_is_asked_again_when_the_order_has_changed_something() {
    locks.now();
    asked.remove().complete(List.of());
    changed = new Seq(5);
    assertFalse(locks.none());
    Future<List<TableLock>> now = locks.now();
    asked.remove().complete(List.of(LOCK));
    assertEquals(List.of(LOCK), now.result());
    assertFalse(locks.none());
    assertEquals(List.of(LOCK), locks.now().result());
    assertEquals(new Seq(5), locks.asOf());
    assertTrue(asked.isEmpty());
  }

  @Test
  void an_answer_to_an_earlier_question_does_not_do_for_what_changed_since() {
    locks.now();
    changed = new Seq(5);
    Future<List<TableLock>> second = locks.now();
    Future<List<TableLock>> third = locks.now();
    assertEquals(2, asked.size());
    asked.remove().complete(List.of());
    assertFalse(locks.none());
    assertFalse(second.isComplete());
    asked.remove().complete(List.of(LOCK));
    assertEquals(List.of(LOCK), second.result());
    assertEquals(List.of(LOCK), third.result());
  }

  @Test
  void who_waits_is_told_to_look_again_all_at_once() {
    Future<Void> one = locks.later();
    Future<Void> other = locks.later();
    assertFalse(one.isComplete());
    clock.pass(TableLocks.POLL);
    assertTrue(one.succeeded() && other.succeeded());
    assertFalse(locks.later().isComplete());
  }
}
