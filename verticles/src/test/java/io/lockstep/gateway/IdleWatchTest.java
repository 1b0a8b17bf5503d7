package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.bus.ManualTimers;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class IdleWatchTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final ManualTimers timers = new ManualTimers();
  private final Scripted session = new Scripted();
  private Optional<IdleWatch> watch = Optional.empty();

  private final class Scripted implements IdleWatch.Watched {
    private boolean busy;
    private long idleSince;
    private Optional<Duration> allowed = Optional.of(Duration.ofMinutes(1));
    private Duration inDatabase = Duration.ofMinutes(1);
    private int kept;
    private boolean ended;

    @Override
    public boolean busy() {
      return busy;
    }

    @Override
    public long idleSince() {
      return idleSince;
    }

    @Override
    public Optional<Duration> allowed() {
      return allowed;
    }

    @Override
    public Future<?> learn() {
      allowed = Optional.of(inDatabase);
      return Future.succeededFuture();
    }

    @Override
    public void keepAlive() {
      kept++;
    }

    @Override
    public void end() {
      ended = true;
    }

    void speaks() {
      idleSince = timers.nanos();
    }
  }

  private void pass(int seconds) {
    timers.pass(Duration.ofSeconds(seconds));
  }

  @Test
  void ends_a_silent_client_when_its_time_is_over_and_not_before() {
    watched(HOUR);
    pass(59);
    assertFalse(session.ended);
    pass(1);
    assertTrue(session.ended);
  }

  @Test
  void counts_from_the_last_command() {
    watched(HOUR);
    pass(59);
    session.speaks();
    pass(59);
    assertFalse(session.ended);
    pass(1);
    assertTrue(session.ended);
  }

  @Test
  void does_not_count_while_a_command_is_under_way() {
    watched(HOUR);
    session.busy = true;
    pass(600);
    assertFalse(session.ended);
    session.busy = false;
    session.speaks();
    pass(60);
    assertTrue(session.ended);
  }

  @Test
  void lets_the_database_hear_of_a_session_before_it_would_end_it() {
    watched(HOUR);
    for (int i = 0; i < 100; i++) {
      int before = session.kept;
      pass(30);
      session.speaks();
      assertTrue(session.kept > before);
    }
    assertFalse(session.ended);
  }

  @Test
  void learns_of_a_shorter_time_from_a_client_that_then_falls_silent() {
    watched(HOUR);
    session.allowed = Optional.empty();
    session.inDatabase = Duration.ofSeconds(2);
    watch().unsettled();
    timers.pass(Duration.ofMillis(1_999));
    assertFalse(session.ended);
    timers.pass(Duration.ofMillis(1));
    assertTrue(session.ended);
  }

  @Test
  void leaves_it_to_the_next_command_to_learn_while_one_is_under_way() {
    watched(HOUR);
    session.allowed = Optional.empty();
    session.busy = true;
    watch().unsettled();
    pass(1);
    assertEquals(Optional.empty(), session.allowed);
  }

  @Test
  void is_bounded_whatever_the_session_allows() {
    session.allowed = Optional.of(HOUR);
    watched(Duration.ofSeconds(30));
    pass(30);
    assertTrue(session.ended);
  }

  @Test
  void ends_nobody_once_it_is_stopped() {
    watched(HOUR);
    watch().stop();
    pass(600);
    assertFalse(session.ended);
    assertEquals(0, session.kept);
  }

  private void watched(Duration max) {
    watch = Optional.of(new IdleWatch(timers, session, max));
  }

  private IdleWatch watch() {
    return watch.orElseThrow();
  }
}
