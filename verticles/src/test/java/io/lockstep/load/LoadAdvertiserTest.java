package io.lockstep.load;

import static io.lockstep.load.Adverts.N1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LoadAdvertiserTest {
  private final ManualTimers timers = new ManualTimers();
  private final LoopbackBus bus = new LoopbackBus();
  private final List<LoadAdvert> published = new ArrayList<>();
  private double cpu = 0.5;
  private Future<Integer> probe = Future.succeededFuture(3);
  private Standing standing = Standing.SERVING;

  @BeforeEach
  void listens() {
    bus.hear(LoadAdvertCodec.TOPIC, published::add);
  }

  @Test
  void advertises_twice_a_second() {
    advertiser().start();
    timers.pass(Duration.ofSeconds(5));
    assertEquals(11, published.size());
  }

  @Test
  void advertises_at_once_when_its_state_changed() {
    LoadAdvertiser advertiser = advertiser();
    advertiser.start();
    standing = Standing.notServing("its database is down");
    advertiser.changed();
    assertEquals(2, published.size());
    assertEquals(standing, published.get(1).standing());
  }

  @Test
  void counts_upwards() {
    advertiser().start();
    timers.pass(Duration.ofSeconds(1));
    assertTrue(published.get(1).count() > published.get(0).count());
  }

  @Test
  void begins_higher_after_a_restart() {
    LoadAdvertiser first = advertiser();
    first.start();
    first.stop();
    timers.pass(Duration.ofMillis(100));
    advertiser().start();
    assertTrue(published.get(1).count() > published.get(0).count());
  }

  @Test
  void says_nothing_after_it_was_stopped() {
    LoadAdvertiser advertiser = advertiser();
    advertiser.start();
    advertiser.stop();
    advertiser.changed();
    timers.pass(Duration.ofSeconds(2));
    assertEquals(1, published.size());
  }

  @Test
  void smooths_the_figures_and_reaches_them_in_the_end() {
    advertiser().start();
    cpu = 0;
    timers.pass(LoadAdvertiser.PERIOD);
    assertEquals(0.5 * (1 - LoadWindow.NEWEST_WEIGHT), published.get(1).figures().cpu(), 0.001);
    timers.pass(Duration.ofSeconds(20));
    assertEquals(0, published.get(published.size() - 1).figures().cpu(), 0.001);
    assertEquals(3, published.get(0).figures().threadsRunning());
  }

  @Test
  void a_database_that_does_not_answer_looks_slower_and_slower() {
    probe = Promise.<Integer>promise().future();
    advertiser().start();
    timers.pass(Duration.ofSeconds(4));
    assertTrue(published.get(published.size() - 1).figures().probeMicros() > 2_000_000);
  }

  @Test
  void a_probe_that_fails_does_not_stop_the_adverts() {
    probe = Future.failedFuture("connection lost");
    advertiser().start();
    timers.pass(Duration.ofSeconds(1));
    assertEquals(3, published.size());
  }

  private LoadAdvertiser advertiser() {
    LoadMeter meter = new LoadMeter(timers, new StillMachine(), () -> probe, () -> 7);
    return new LoadAdvertiser(bus, timers, N1, Adverts.endpoints(), meter, new Report());
  }

  private final class StillMachine implements Machine {
    @Override
    public double cpu() {
      return cpu;
    }

    @Override
    public int cores() {
      return 2;
    }

    @Override
    public long freeMemoryBytes() {
      return 1 << 30;
    }
  }

  private final class Report implements SelfReport {
    @Override
    public Progress progress() {
      return Adverts.LEVEL;
    }

    @Override
    public Standing standing() {
      return standing;
    }

    @Override
    public List<DigestAt> checkpoints() {
      return List.of();
    }
  }
}
