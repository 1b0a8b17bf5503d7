package io.lockstep.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.lockstep.model.LogIndex;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class InMemoryOrderedLogTest extends OrderedLogContract {
  private final InMemoryEngine inMemory = new InMemoryEngine();

  @Override
  protected LogEngine begin() {
    return inMemory;
  }

  @Test
  void an_append_that_is_refused_as_too_much_interrupts_the_term_until_a_barrier() {
    inMemory.cluster().refuseNext(first);
    Future<LogIndex> refused = append(first, "a");
    Future<LogIndex> behind = append(first, "b");
    assertThrows(OrderedLog.FullException.class, () -> engine.await(refused));
    assertThrows(OrderedLog.TermInterruptedException.class, () -> engine.await(behind));
    engine.await(engine.log(first).barrier(term(first)));
    engine.await(append(first, "c"));
    assertEquals(List.of("c"), texts(readAll(second, 1)));
  }

  @Test
  void an_append_of_unknown_fate_is_settled_by_a_barrier() {
    Future<LogIndex> lost = append(first, "a");
    inMemory.cluster().loseSightOfAppends(first);
    Future<LogIndex> behind = append(first, "b");
    assertThrows(IllegalStateException.class, () -> engine.await(lost));
    assertThrows(OrderedLog.TermInterruptedException.class, () -> engine.await(behind));
    LogIndex barrier = engine.await(engine.log(first).barrier(term(first)));
    assertEquals(
        Bytes.utf8("a"),
        engine.await(engine.log(first).lastBefore(barrier)).orElseThrow().payload());
  }

  @Test
  void what_a_dead_leader_had_not_replicated_is_cut_when_it_returns() {
    engine.await(append(first, "a"));
    engine.kill(second);
    engine.kill(third);
    Future<LogIndex> alone = append(first, "lost");
    engine.settle();
    engine.kill(first);
    assertFalse(alone.succeeded());
    engine.start(second);
    engine.start(third);
    engine.elect(second);
    engine.await(append(second, "b"));
    engine.start(first);
    assertEquals(List.of("a", "b"), texts(readAll(first, 2)));
  }

  @Test
  void a_node_whose_missing_entries_are_purged_everywhere_hears_that_it_is_too_far_behind() {
    engine.kill(third);
    LogIndex a = engine.await(append(first, "a"));
    engine.settle();
    engine.log(first).applied(a);
    engine.start(third);
    engine.settle();
    assertEquals(1, engine.heard(third).failures().stream().distinct().limit(1).count());
    assertTrue(engine.heard(third).reigns().isEmpty());
  }
}
