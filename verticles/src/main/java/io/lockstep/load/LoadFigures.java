package io.lockstep.load;

import io.lockstep.model.Require;

/**
 * How busy a node is.
 *
 * @param cpu utilisation of the whole machine, 0 to 1, smoothed
 * @param cores processors of the machine
 * @param threadsRunning threads that the database is running now (its {@code Threads_running})
 * @param probeMicros how long a trivial query takes, smoothed, in microseconds
 * @param sessions sessions whose master this node is
 * @param freeMemoryBytes memory that the machine can still give
 */
public record LoadFigures(
    double cpu,
    int cores,
    int threadsRunning,
    long probeMicros,
    int sessions,
    long freeMemoryBytes) {
  /** A node of which nothing has been measured yet. */
  public static final LoadFigures NONE = new LoadFigures(0, 1, 0, 0, 0, 0);

  public LoadFigures {
    Require.that(cpu >= 0 && cpu <= 1, "CPU utilisation is 0 to 1, was " + cpu);
    Require.that(cores > 0, "a machine has a processor");
    Require.that(threadsRunning >= 0, "no negative number of threads runs");
    Require.that(probeMicros >= 0, "a probe takes no negative time");
    Require.that(sessions >= 0, "there is no negative number of sessions");
    Require.that(freeMemoryBytes >= 0, "there is no negative amount of memory");
  }
}
