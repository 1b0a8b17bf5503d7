package io.lockstep.runtime.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.bus.ManualTimers;
import io.vertx.core.Completable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PatientLookupsTest {
  private final ManualTimers timers = new ManualTimers();
  private final Deque<Completable<List<String>>> underWay = new ArrayDeque<>();
  private final PatientLookups<String> lookups =
      new PatientLookups<>((address, found) -> underWay.add(found), timers);
  private final List<List<String>> answers = new ArrayList<>();

  private void ask() {
    lookups.find("a", (found, failure) -> answers.add(found));
  }

  private void isFound(String... listeners) {
    underWay.remove().complete(List.of(listeners), null);
  }

  @Test
  void what_is_found_now_is_the_answer() {
    lookups.fresh("a", (found, failure) -> {});
    isFound("n1");
    ask();
    isFound("n2");
    timers.pass(PatientLookups.PATIENCE);
    assertEquals(List.of(List.of("n2")), answers);
  }

  @Test
  void what_was_found_before_is_the_answer_to_one_that_takes_long() {
    lookups.fresh("a", (found, failure) -> {});
    isFound("n1");
    ask();
    timers.pass(PatientLookups.PATIENCE.minusMillis(1));
    assertEquals(List.of(), answers);
    timers.pass(PatientLookups.PATIENCE);
    assertEquals(List.of(List.of("n1")), answers);
  }

  @Test
  void what_is_found_late_is_no_second_answer_but_the_next_one() {
    lookups.fresh("a", (found, failure) -> {});
    isFound("n1");
    ask();
    timers.pass(PatientLookups.PATIENCE);
    isFound("n2");
    assertEquals(List.of(List.of("n1")), answers);
    ask();
    timers.pass(PatientLookups.PATIENCE);
    assertEquals(List.of(List.of("n1"), List.of("n2")), answers);
  }

  @Test
  void who_was_never_looked_up_is_waited_for() {
    ask();
    timers.pass(PatientLookups.PATIENCE.multipliedBy(10));
    assertEquals(List.of(), answers);
    isFound("n1");
    assertEquals(List.of(List.of("n1")), answers);
  }
}
