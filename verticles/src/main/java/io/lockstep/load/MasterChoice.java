package io.lockstep.load;

import io.lockstep.model.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which node shall serve a new session, and why: a value to be shown as it is.
 *
 * @param master the chosen node; empty when none serves
 * @param considered every node that was looked at, the best first
 */
public record MasterChoice(Optional<NodeId> master, List<Considered> considered) {
  /** A node this many writes behind takes a session only when every other one is as far behind. */
  public static final long LAG_WRITES_MAX = 10_000;

  /** What a session costs from its assignment until an advert shows what it really does. */
  static final double COST_OF_ASSIGNED_SESSION = 0.02;

  static final double COST_OF_SESSION = 0.001;
  static final double COST_OF_THREAD_PER_CORE = 0.05;
  static final double COST_OF_PROBE_MILLISECOND = 0.02;
  static final double COST_OF_PROBE_MAX = 1;
  static final double COST_OF_SHORT_MEMORY = 0.5;
  static final long SHORT_MEMORY_BYTES = 256L << 20;

  /** Less than one session: it decides between equals only. */
  static final double GAIN_OF_OWN_NODE = 0.01;

  public MasterChoice {
    considered = List.copyOf(considered);
  }

  /** An advert, and how many sessions the chooser has itself given that node since. */
  public record Candidate(LoadAdvert advert, int assignedSince) {}

  /**
   * How one node looked.
   *
   * @param pressure how much it has to do, without unit; the lowest is chosen
   * @param eligible whether it could have been chosen
   * @param why in words for the operator
   */
  public record Considered(NodeId node, double pressure, boolean eligible, String why) {}

  /** Chooses for a session that arrived at {@code self}. A function of its arguments alone. */
  public static MasterChoice among(List<Candidate> candidates, NodeId self) {
    boolean allLag = candidates.stream().filter(MasterChoice::serves).allMatch(MasterChoice::lags);
    List<Considered> considered = new ArrayList<>();
    candidates.forEach(candidate -> considered.add(consider(candidate, self, allLag)));
    considered.sort(
        Comparator.comparing((Considered one) -> !one.eligible)
            .thenComparingDouble(Considered::pressure)
            .thenComparing(Considered::node));
    Optional<NodeId> best =
        considered.stream().filter(Considered::eligible).map(Considered::node).findFirst();
    return new MasterChoice(best, considered);
  }

  private static Considered consider(Candidate candidate, NodeId self, boolean allLag) {
    LoadAdvert advert = candidate.advert;
    double pressure = pressure(candidate, self);
    if (!advert.standing().serving()) {
      String why = "does not serve: " + String.join("; ", advert.standing().notServing());
      return new Considered(advert.node(), pressure, false, why);
    }
    if (advert.standing().draining()) {
      return new Considered(advert.node(), pressure, false, "is draining");
    }
    if (lags(candidate) && !allLag) {
      String why = "lags " + advert.progress().lagWrites() + " writes";
      return new Considered(advert.node(), pressure, false, why);
    }
    return new Considered(advert.node(), pressure, true, figures(candidate, self));
  }

  private static boolean serves(Candidate candidate) {
    Standing standing = candidate.advert.standing();
    return standing.serving() && !standing.draining();
  }

  private static boolean lags(Candidate candidate) {
    return candidate.advert.progress().lagWrites() > LAG_WRITES_MAX;
  }

  private static double pressure(Candidate candidate, NodeId self) {
    LoadFigures figures = candidate.advert.figures();
    double probe =
        Math.min(COST_OF_PROBE_MAX, figures.probeMicros() / 1_000.0 * COST_OF_PROBE_MILLISECOND);
    double memory = figures.freeMemoryBytes() < SHORT_MEMORY_BYTES ? COST_OF_SHORT_MEMORY : 0;
    double lag = (double) candidate.advert.progress().lagWrites() / LAG_WRITES_MAX;
    double own = candidate.advert.node().equals(self) ? GAIN_OF_OWN_NODE : 0;
    return figures.cpu()
        + COST_OF_THREAD_PER_CORE * figures.threadsRunning() / figures.cores()
        + probe
        + memory
        + lag
        + COST_OF_SESSION * figures.sessions()
        + COST_OF_ASSIGNED_SESSION * candidate.assignedSince
        - own;
  }

  private static String figures(Candidate candidate, NodeId self) {
    LoadFigures figures = candidate.advert.figures();
    return String.format(
        Locale.ROOT,
        "cpu %.0f %%, %d threads running, probe %.1f ms, %d sessions, %d assigned since, lag %d%s",
        figures.cpu() * 100,
        figures.threadsRunning(),
        figures.probeMicros() / 1_000.0,
        figures.sessions(),
        candidate.assignedSince,
        candidate.advert.progress().lagWrites(),
        candidate.advert.node().equals(self) ? ", this node" : "");
  }
}
