package io.lockstep.chaos.history;

import io.lockstep.chaos.history.Dependency.Kind;
import io.lockstep.chaos.history.Dependency.Moment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jgrapht.Graph;
import org.jgrapht.GraphPath;
import org.jgrapht.alg.connectivity.GabowStrongConnectivityInspector;
import org.jgrapht.alg.shortestpath.BFSShortestPath;
import org.jgrapht.graph.AsSubgraph;
import org.jgrapht.graph.DirectedPseudograph;

/**
 * Looks for cycles among dependencies: transactions that each come before the next and the last
 * before the first. Only the shortest of each knot is told, by its worst name.
 */
final class Cycles {
  /** Of a large knot, not every cycle is looked at: any is a counterexample. */
  private static final int TRIED_MAX = 2_000;

  private static final int FOUND_MAX = 100;
  private static final Set<Kind> NAMELESS = EnumSet.of(Kind.SESSION, Kind.WITHIN);

  /** From worst to mildest: what a cycle of these kinds is called. */
  private enum Name {
    G0(EnumSet.of(Kind.WRITE_WRITE)),
    G1C(EnumSet.of(Kind.WRITE_WRITE, Kind.WRITE_READ)),
    G_SINGLE(EnumSet.of(Kind.WRITE_WRITE, Kind.WRITE_READ)),
    G2(EnumSet.allOf(Kind.class));

    private final Set<Kind> kinds;

    Name(Set<Kind> kinds) {
      this.kinds = EnumSet.copyOf(kinds);
      this.kinds.addAll(NAMELESS);
    }

    String text() {
      return this == G_SINGLE ? "G-single" : name().replace("1C", "1c");
    }
  }

  private final List<Dependency> dependencies;

  /** {@code dependencies} of which a transaction's snapshot may be told from its commit. */
  Cycles(Collection<Dependency> dependencies) {
    this.dependencies = List.copyOf(dependencies);
  }

  /** The cycles of a history: those that its level forbids, then those that it allows. */
  static List<Anomaly> of(History history, List<Dependency> dependencies) {
    List<Dependency> merged =
        dependencies.stream().map(Dependency::merged).filter(one -> !one.isWithinOne()).toList();
    if (history.level() == Level.SERIALIZABLE) {
      return new Cycles(merged).told(false);
    }
    List<Anomaly> forbidden = new Cycles(dependencies).told(false);
    return forbidden.isEmpty() ? new Cycles(merged).told(true) : forbidden;
  }

  private List<Anomaly> told(boolean allowed) {
    List<Anomaly> anomalies = new ArrayList<>();
    for (Set<Moment> knot : knots(graph(one -> true))) {
      List<Dependency> inside =
          dependencies.stream()
              .filter(one -> knot.contains(one.from()) && knot.contains(one.to()))
              .toList();
      anomalies.add(new Cycles(inside).worst(allowed));
    }
    return anomalies;
  }

  private Anomaly worst(boolean allowed) {
    for (Name name : Name.values()) {
      Optional<List<Dependency>> cycle =
          name == Name.G_SINGLE ? single(name) : shortest(graph(of(name)));
      if (cycle.isPresent()) {
        return new Anomaly(name.text(), allowed, story(cycle.get()));
      }
    }
    throw new IllegalStateException("a knot without a cycle");
  }

  private static Predicate<Dependency> of(Name name) {
    return one -> name.kinds.contains(one.kind());
  }

  /** A cycle of which exactly one dependency is a read that was overwritten. */
  private Optional<List<Dependency>> single(Name name) {
    Graph<Moment, Dependency> graph = graph(of(name));
    List<Dependency> missed =
        dependencies.stream()
            .filter(one -> one.kind() == Kind.READ_WRITE)
            .filter(one -> graph.containsVertex(one.from()) && graph.containsVertex(one.to()))
            .toList();
    return least(graph, missed);
  }

  private static Optional<List<Dependency>> shortest(Graph<Moment, Dependency> graph) {
    List<Dependency> candidates =
        knots(graph).stream()
            .flatMap(knot -> new AsSubgraph<>(graph, knot).edgeSet().stream())
            .toList();
    return least(graph, candidates);
  }

  /** The shortest cycle that begins with one of these. */
  private static Optional<List<Dependency>> least(
      Graph<Moment, Dependency> graph, List<Dependency> firsts) {
    return firsts.stream()
        .limit(TRIED_MAX)
        .flatMap(one -> closed(graph, one).stream())
        .limit(FOUND_MAX)
        .min(Comparator.comparingInt(List::size));
  }

  private static Optional<List<Dependency>> closed(
      Graph<Moment, Dependency> graph, Dependency first) {
    GraphPath<Moment, Dependency> back =
        new BFSShortestPath<>(graph).getPath(first.to(), first.from());
    if (back == null) {
      return Optional.empty();
    }
    List<Dependency> cycle = new ArrayList<>();
    cycle.add(first);
    cycle.addAll(back.getEdgeList());
    return Optional.of(cycle);
  }

  private Graph<Moment, Dependency> graph(Predicate<Dependency> of) {
    Graph<Moment, Dependency> graph = new DirectedPseudograph<>(Dependency.class);
    dependencies.stream()
        .filter(of)
        .forEach(
            one -> {
              graph.addVertex(one.from());
              graph.addVertex(one.to());
              graph.addEdge(one.from(), one.to(), one);
            });
    return graph;
  }

  private static List<Set<Moment>> knots(Graph<Moment, Dependency> graph) {
    return new GabowStrongConnectivityInspector<>(graph)
        .stronglyConnectedSets().stream().filter(set -> set.size() > 1).toList();
  }

  private static String story(List<Dependency> cycle) {
    return Stream.concat(
            cycle.stream().map(Dependency::toString),
            cycle.stream().map(one -> one.from().transaction()).distinct().map(Object::toString))
        .collect(Collectors.joining("\n    ", "\n    ", ""));
  }
}
