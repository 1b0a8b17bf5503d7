package io.lockstep.load;

import io.lockstep.bus.Timers;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * Measures how busy this node is. Runs on the context of its owner. One probe is under way at a
 * time; as long as it is unanswered its age counts as its latency, so that a hanging database looks
 * slow and not idle.
 */
public final class LoadMeter {
  private final Timers timers;
  private final Machine machine;
  private final DatabaseProbe probe;
  private final IntSupplier sessions;
  private final LoadWindow window = new LoadWindow();
  private boolean probing;
  private long probeBegun;
  private int threadsRunning;

  /**
   * @param sessions how many sessions have this node as their master
   */
  public LoadMeter(Timers timers, Machine machine, DatabaseProbe probe, IntSupplier sessions) {
    this.timers = timers;
    this.machine = machine;
    this.probe = probe;
    this.sessions = sessions;
  }

  /** Takes one measurement of the machine and begins one of the database. */
  public void measure() {
    window.cpu(machine.cpu());
    if (probing) {
      window.probed(threadsRunning, sinceProbeBegun());
      return;
    }
    probing = true;
    probeBegun = timers.nanos();
    probe.threadsRunning().onComplete(answer -> probed(answer.otherwise(threadsRunning).result()));
  }

  /** The figures as of the last measurement. */
  public LoadFigures figures() {
    LoadWindow.Smoothed smoothed = window.latest();
    return new LoadFigures(
        smoothed.cpu(),
        machine.cores(),
        smoothed.threadsRunning(),
        smoothed.probeMicros(),
        sessions.getAsInt(),
        machine.freeMemoryBytes());
  }

  public void close() {
    window.close();
  }

  private void probed(int running) {
    probing = false;
    threadsRunning = running;
    window.probed(running, sinceProbeBegun());
  }

  private long sinceProbeBegun() {
    return Duration.ofNanos(timers.nanos() - probeBegun).toNanos() / 1_000;
  }
}
