package io.lockstep.chaos.live;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/** What is done to the cluster, again and again, by the name the script takes. */
enum Fault {
  KILL_NODE {
    @Override
    List<String> victims(LiveCluster cluster, Random random) {
      List<NodeProcess> nodes = cluster.nodes();
      return List.of(nodes.get(random.nextInt(nodes.size())).node());
    }
  },
  KILL_FOLLOWER {
    @Override
    List<String> victims(LiveCluster cluster, Random random) {
      String sequencer = cluster.sequencer().orElse("");
      List<String> followers =
          cluster.nodes().stream()
              .map(NodeProcess::node)
              .filter(node -> !node.equals(sequencer))
              .toList();
      return List.of(followers.get(random.nextInt(followers.size())));
    }
  },
  KILL_SEQUENCER {
    @Override
    List<String> victims(LiveCluster cluster, Random random) {
      return List.of(
          cluster
              .sequencer()
              .orElseThrow(() -> new IllegalStateException("no node says who sequences")));
    }
  },
  KILL_DATABASE {
    @Override
    List<String> victims(LiveCluster cluster, Random random) {
      return KILL_NODE.victims(cluster, random);
    }

    @Override
    void strike(LiveCluster cluster, String victim) {
      cluster.killDatabase(victim);
    }

    @Override
    void mend(LiveCluster cluster, String victim) {
      // The node starts its own database again.
    }

    @Override
    List<String> deadGateways(List<String> victims) {
      return List.of();
    }
  },
  HANG_NODE(true) {
    @Override
    List<String> victims(LiveCluster cluster, Random random) {
      return KILL_NODE.victims(cluster, random);
    }
  },
  HANG_SEQUENCER(true) {
    @Override
    List<String> victims(LiveCluster cluster, Random random) {
      return KILL_SEQUENCER.victims(cluster, random);
    }
  },
  KILL_ALL {
    @Override
    List<String> victims(LiveCluster cluster, Random random) {
      List<String> all =
          new java.util.ArrayList<>(cluster.nodes().stream().map(NodeProcess::node).toList());
      java.util.Collections.shuffle(all, random);
      return all;
    }
  };

  private final boolean hangs;

  Fault() {
    this(false);
  }

  Fault(boolean hangs) {
    this.hangs = hangs;
  }

  /** Whom the next fault hits, in the order in which they come back. */
  abstract List<String> victims(LiveCluster cluster, Random random);

  void strike(LiveCluster cluster, String victim) {
    if (hangs) {
      cluster.hang(victim);
    } else {
      cluster.killNode(victim);
    }
  }

  void mend(LiveCluster cluster, String victim) {
    if (hangs) {
      cluster.goOn(victim);
    } else {
      cluster.startNode(victim);
    }
  }

  /** Whose clients may see errors. A node whose database died goes on serving its clients. */
  List<String> deadGateways(List<String> victims) {
    return victims;
  }

  static Fault named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
