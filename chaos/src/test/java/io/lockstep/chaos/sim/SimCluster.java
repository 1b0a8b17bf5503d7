package io.lockstep.chaos.sim;

import io.lockstep.gateway.IntakeBounds;
import io.lockstep.log.InMemoryCluster;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.sequencer.SequencerBounds;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A whole cluster under one seed. */
final class SimCluster {
  private static final long FAULTS_UNTIL = 3 * SimTime.SECOND;
  private static final long SETTLED_BY = 60 * SimTime.SECOND;

  /** A hundred times what a run takes in which nothing is sabotaged. */
  private static final long EVENTS_MAX = 1_000_000;

  private static final long TICK = 60 * SimTime.MILLI;

  /**
   * Long enough for elections, retries and what was asked before; shorter than a gateway's bound.
   */
  private static final long GRACE = 4 * SimTime.SECOND;

  private static final int STORY_LINES = 120;

  private final long seed;
  private final Sabotage sabotage;
  private final SimTime time = new SimTime();
  private final Story story = new Story(time);
  private final Chance chance;
  private final Climate climate;
  private final Laws laws = new Laws();
  private final MeterRegistry meters = new CompositeMeterRegistry();
  private final List<NodeId> ids;
  private final SimNetwork network;
  private final InMemoryCluster raft;
  private final SequencerBounds bounds;
  private final IntakeBounds patience;
  private final Map<NodeId, SimBus> buses = new LinkedHashMap<>();
  private final Map<NodeId, SimDatabase> databases = new LinkedHashMap<>();
  private final Map<NodeId, SimNode> nodes = new LinkedHashMap<>();
  private final Map<NodeId, LogIndex> applied = new LinkedHashMap<>();
  private final List<SimClient> clients = new ArrayList<>();
  private final Faults faults;
  private boolean calm;
  private long events;

  SimCluster(long seed, Sabotage sabotage) {
    this.seed = seed;
    this.sabotage = sabotage;
    this.chance = new Chance(seed);
    this.climate = Climate.of(chance);
    int size = chance.once(0.15) ? 5 : 3;
    this.ids = IntStream.rangeClosed(1, size).mapToObj(i -> new NodeId("n" + i)).toList();
    this.network = new SimNetwork(time, chance, climate);
    this.raft = new InMemoryCluster(ids, network);
    this.bounds =
        new SequencerBounds(
            chance.once(0.3) ? 2 : 64,
            100_000,
            1 + chance.below(8),
            100_000,
            1 + chance.below(4),
            Duration.ofMillis(3),
            Duration.ofMillis(20),
            10_000);
    this.patience =
        new IntakeBounds(
            Duration.ofMillis(chance.once(0.5) ? 400 : 150),
            Duration.ofMillis(200),
            Duration.ofMillis(1_600),
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofMillis(chance.once(0.5) ? 1_500 : 200),
            Duration.ofSeconds(5),
            64);
    this.faults = new Faults(this, climate);
    ids.forEach(id -> databases.put(id, new SimDatabase(chance, sabotage)));
    for (int i = 0; i < 4 + chance.below(6); i++) {
      clients.add(new SimClient(this, i, 5 + chance.below(20)));
    }
  }

  /**
   * Runs to the end: faults for three seconds of virtual time, then calm until every client is done
   * and every node has applied everything.
   *
   * @throws AssertionError with the seed and the story, when a law is broken
   */
  void run() {
    try {
      ids.forEach(this::restart);
      ids.forEach(this::tick);
      clients.forEach(SimClient::think);
      faults.begin();
      time.after(FAULTS_UNTIL, this::calmDown);
      while (!hasSettled()) {
        time.step();
        events++;
        laws.check(raft, databases);
        if (time.now() > SETTLED_BY || events > EVENTS_MAX) {
          throw new Violation("liveness", "the cluster does not come to rest");
        }
      }
    } catch (RuntimeException broken) {
      throw new AssertionError(
          "seed " + seed + " (" + sabotage + "): " + broken + "\n" + story.last(STORY_LINES),
          broken);
    }
  }

  private boolean hasSettled() {
    return calm
        && clients.stream().allMatch(SimClient::isDone)
        && databases.values().stream()
            .allMatch(database -> database.committed().position().seq().value() == laws.placed());
  }

  private void calmDown() {
    story.tell("network", "everything is calm from now on");
    calm = true;
    faults.end();
    network.calmDown();
    databases.values().forEach(SimDatabase::start);
    ids.forEach(this::restart);
    nodes.values().forEach(node -> node.connection().calmDown());
  }

  /** What a member does by its own clock: a leader beats, the others miss it and stand. */
  private void tick(NodeId node) {
    tick(node, -1, 0);
  }

  private void tick(NodeId node, long signs, int missed) {
    time.after(
        chance.between(TICK / 2, TICK),
        () -> {
          Optional<SimNode> up = node(node);
          if (up.isEmpty()) {
            tick(node, -1, 0);
            return;
          }
          up.get().life().run(() -> raft.beat(node));
          long now = raft.signsOfLeader(node);
          int misses = raft.leads(node) || now != signs ? 0 : missed + 1;
          if (misses > chance.between(2, 6)) {
            up.get().life().run(() -> raft.stand(node));
            misses = 0;
          }
          tick(node, now, misses);
        });
  }

  void crash(NodeId id) {
    node(id)
        .ifPresent(
            up -> {
              up.life().end();
              raft.crash(id);
              if (sabotage == Sabotage.LOSE_SYNCED_ENTRIES) {
                raft.loseDurable(id, 3);
              }
            });
  }

  void restart(NodeId id) {
    if (node(id).isPresent()) {
      return;
    }
    story.tell(id, "starts");
    SimNode born = new SimNode(this, id, bounds, patience);
    nodes.put(id, born);
    if (calm) {
      born.connection().calmDown();
    }
    born.begin();
  }

  /** The present life of a node, unless it is dead. */
  Optional<SimNode> node(NodeId id) {
    return Optional.ofNullable(nodes.get(id)).filter(node -> !node.life().isDead());
  }

  Optional<SimNode> someServing() {
    List<SimNode> serving = nodes.values().stream().filter(SimNode::isServing).toList();
    return serving.isEmpty() ? Optional.empty() : Optional.of(chance.of(serving));
  }

  /** The master that was chosen, or another one if that is dead. */
  NodeId someMaster(NodeId chosen) {
    if (node(chosen).filter(SimNode::isServing).isPresent()) {
      return chosen;
    }
    return someServing().map(this::idOf).orElse(chosen);
  }

  NodeId idOf(SimNode node) {
    return nodes.entrySet().stream()
        .filter(entry -> entry.getValue() == node)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  SimConnection connection(NodeId id, SimLife life) {
    return new SimConnection(database(id), time, life, chance, climate);
  }

  SimLog log(NodeId id) {
    return new SimLog(id, raft, laws, applied, sabotage);
  }

  SimDatabase database(NodeId id) {
    return Optional.ofNullable(databases.get(id)).orElseThrow();
  }

  SimTime time() {
    return time;
  }

  /** Whether it has been calm for so long that every client must get an answer. */
  boolean oughtToAnswer() {
    return time.now() > FAULTS_UNTIL + GRACE;
  }

  Story story() {
    return story;
  }

  Chance chance() {
    return chance;
  }

  Laws laws() {
    return laws;
  }

  MeterRegistry meters() {
    return meters;
  }

  SimNetwork network() {
    return network;
  }

  InMemoryCluster raft() {
    return raft;
  }

  Map<NodeId, SimBus> buses() {
    return buses;
  }

  List<NodeId> nodes() {
    return ids;
  }

  Sabotage sabotage() {
    return sabotage;
  }

  long events() {
    return events;
  }
}
