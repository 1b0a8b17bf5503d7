package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.bus.LoopBus;
import io.lockstep.bus.ManualTimers;
import io.lockstep.load.LoadBoard;
import io.lockstep.model.Head;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StrongReadsTest {
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");

  private final ManualTimers timers = new ManualTimers();
  private final LoopBus loop = new LoopBus();
  private final Bus here = loop.of(N1);
  private final Bus there = loop.of(N2);
  private final Deque<Promise<Head>> questions = new ArrayDeque<>();
  private final Deque<Promise<Seq>> waits = new ArrayDeque<>();
  private final LogHead head = new LogHead(here, timers, new Nodes());
  private final StrongReads reads =
      new StrongReads(head, new MasterProgress(here, new LoadBoard(timers), timers), timers);
  private NodeId master = N2;

  StrongReadsTest() {
    here.answer(
        Addresses.HEAD,
        asked -> {
          questions.add(Promise.promise());
          return questions.getLast().future();
        });
    there.answer(
        Addresses.REACHED,
        seq -> {
          waits.add(Promise.promise());
          return waits.getLast().future();
        });
  }

  @Test
  void a_read_waits_until_its_master_has_applied_what_was_committed() {
    Future<Seq> ready = ready();
    assertFalse(ready.isComplete());
    answer(7);
    assertFalse(ready.isComplete());
    waits.remove().complete(new Seq(7));
    assertEquals(new Seq(7), ready.result());
  }

  @Test
  void a_read_is_not_answered_by_a_question_that_was_put_before_it() {
    Future<Seq> early = head.confirmed();
    Future<Seq> late = head.confirmed();
    Future<Seq> later = head.confirmed();
    answer(7);
    assertEquals(new Seq(7), early.result());
    assertFalse(late.isComplete());
    answer(8);
    assertEquals(new Seq(8), late.result());
    assertEquals(new Seq(8), later.result());
    assertTrue(questions.isEmpty());
  }

  @Test
  void a_session_that_moves_while_it_waits_waits_for_the_other_master() {
    Future<Seq> ready = ready();
    answer(7);
    master = N1;
    here.answer(Addresses.REACHED, seq -> Future.succeededFuture(new Seq(9)));
    waits.remove().fail("too slow");
    timers.pass(StrongReads.PAUSE);
    assertEquals(new Seq(9), ready.result());
  }

  @Test
  void a_master_that_cannot_be_asked_for_a_moment_is_asked_again() {
    Future<Seq> awaited = reads.awaits(() -> Future.succeededFuture(master), new Seq(7));
    waits.remove().fail("nobody is there");
    assertFalse(awaited.isComplete());
    timers.pass(StrongReads.PAUSE);
    waits.remove().complete(new Seq(7));
    assertEquals(new Seq(7), awaited.result());
  }

  @Test
  void without_a_quorum_nothing_strong_is_read() {
    Future<Seq> ready = ready();
    for (int i = 0; i < 300 && !ready.isComplete(); i++) {
      if (!questions.isEmpty()) {
        questions.remove().fail("no quorum");
      }
      timers.pass(LogHead.PAUSE);
    }
    assertInstanceOf(ClientErrorException.class, ready.cause());
  }

  @Test
  void a_master_that_never_gets_there_is_given_up() {
    Future<Seq> ready = ready();
    answer(7);
    for (int i = 0; i < 300 && !ready.isComplete(); i++) {
      waits.remove().fail("too slow");
      timers.pass(StrongReads.PAUSE);
    }
    assertInstanceOf(BehindTokenException.class, ready.cause());
    assertTrue(timers.nanos() >= Duration.ofSeconds(10).toNanos());
  }

  private Future<Seq> ready() {
    return reads.ready(() -> Future.succeededFuture(master));
  }

  private void answer(long seq) {
    questions.remove().complete(new Head(new LogIndex(seq), new Seq(seq)));
  }

  private static final class Nodes implements SequencerHint {
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
  }
}
