package io.lockstep.gateway;

import io.lockstep.bus.Timers;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * Ends a session whose client has been silent for as long as the session's {@code wait_timeout}
 * allows, and keeps its database from doing so earlier: a client that only writes leaves its
 * backend connection alone. Lives on the session's context.
 */
final class IdleWatch {
  /** How a session shows itself to its watch. */
  interface Watched {
    /** Whether a command is under way. */
    boolean busy();

    /** Since when none is, in nanoseconds of the timers. */
    long idleSince();

    /** What the session allows; nothing while it is not known. */
    Optional<Duration> allowed();

    /** Asks the database what the session allows; completes in any case. */
    Future<?> learn();

    /** Lets the database know that the session lives. */
    void keepAlive();

    /** Ends the session. */
    void end();
  }

  /** A part of what is allowed, so that the database hears of the session in time. */
  private static final int PARTS = 3;

  /** A client that changes its settings mostly goes on at once. */
  private static final Duration SETTLE = Duration.ofMillis(200);

  private final Timers timers;
  private final Watched session;
  private final Duration max;
  private Duration allowed;
  private Timers.Timer timer;
  private boolean settling;
  private boolean over;

  /** {@code max} is allowed whatever the session says. */
  IdleWatch(Timers timers, Watched session, Duration max) {
    this.timers = timers;
    this.session = session;
    this.max = max;
    this.allowed = session.allowed().orElse(max);
    this.timer = timers.after(next(), this::look);
  }

  /** Something may have changed what the session allows. */
  void unsettled() {
    if (!settling && !over) {
      settling = true;
      timer.cancel();
      timer = timers.after(SETTLE, this::settle);
    }
  }

  void stop() {
    over = true;
    timer.cancel();
  }

  private void settle() {
    settling = false;
    if (session.allowed().isEmpty() && !session.busy()) {
      session.learn().onComplete(learned -> settled());
    } else {
      look();
    }
  }

  private void settled() {
    if (!settling) {
      look();
    }
  }

  private void look() {
    if (over) {
      return;
    }
    allowed = session.allowed().orElse(allowed);
    if (!session.busy() && left() <= 0) {
      over = true;
      session.end();
      return;
    }
    session.keepAlive();
    timer = timers.after(next(), this::look);
  }

  private Duration next() {
    Duration part = limit().dividedBy(PARTS);
    Duration left = session.busy() ? part : Duration.ofNanos(Math.max(1, left()));
    return left.compareTo(part) < 0 ? left : part;
  }

  private long left() {
    return limit().toNanos() - (timers.nanos() - session.idleSince());
  }

  private Duration limit() {
    return allowed.compareTo(max) < 0 ? allowed : max;
  }
}
