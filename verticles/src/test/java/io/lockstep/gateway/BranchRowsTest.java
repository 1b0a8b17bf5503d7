package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.bus.LoopBus;
import io.lockstep.bus.ManualTimers;
import io.lockstep.model.BranchId;
import io.lockstep.model.Capture;
import io.lockstep.model.NodeId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BranchRowsTest {
  private static final NodeId NODE = new NodeId("n1");
  private static final Capture NOTHING = new Capture.Rows(List.of());

  private final ManualTimers timers = new ManualTimers();
  private final Bus bus = new LoopBus().of(NODE);
  private final BranchRows rows = new BranchRows(bus, timers, NODE, new BranchId("lockstep-1"));
  private final List<Long> asked = new ArrayList<>();

  private void answer(Future<Capture> answer) {
    bus.answer(
        Addresses.CAPTURE,
        question -> {
          asked.add(question.sincePrepareMs());
          return answer;
        });
  }

  private Future<Void> prepared(Duration took) {
    timers.standStill(took);
    return Future.succeededFuture();
  }

  @Test
  void a_branch_may_have_been_prepared_as_soon_as_that_was_asked_for() {
    answer(Future.succeededFuture(NOTHING));
    Future<Capture> known = rows.after(() -> prepared(Duration.ofMillis(70)));
    assertEquals(NOTHING, known.result());
    assertEquals(List.of(70L), asked);
  }

  @Test
  void what_a_procedure_has_prepared_may_be_as_old_as_its_branch() {
    answer(Future.succeededFuture(NOTHING));
    timers.pass(Duration.ofSeconds(9));
    assertEquals(NOTHING, rows.since(Duration.ofSeconds(2).toNanos()).result());
    assertEquals(List.of(7_000L), asked);
  }

  @Test
  void what_is_not_known_after_three_questions_is_given_up_a_moment_later() {
    answer(Future.failedFuture("the binary log is not read yet"));
    Future<Capture> known = rows.after(() -> prepared(Duration.ZERO));
    assertEquals(3, asked.size());
    assertFalse(known.isComplete());
    timers.pass(BranchRows.KNOWN_LATER);
    assertTrue(known.failed());
  }

  @Test
  void what_could_not_be_prepared_is_told_at_once() {
    answer(Future.succeededFuture(NOTHING));
    assertTrue(rows.after(() -> Future.failedFuture("gone")).failed());
    assertEquals(List.of(), asked);
  }
}
