package io.lockstep.runtime.config;

import io.lockstep.model.NodeId;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Who belongs to the cluster.
 *
 * @param jgroupsFile a JGroups stack of the operator's instead of the built-in one
 */
public record ClusterConfig(List<MemberConfig> members, Optional<Path> jgroupsFile) {
  public static final int MEMBERS_MAX = 9;

  public ClusterConfig {
    members = List.copyOf(members);
    if (members.isEmpty() || members.size() > MEMBERS_MAX) {
      throw new ConfigException(
          "cluster.members must list 1 to " + MEMBERS_MAX + " nodes, lists " + members.size());
    }
    var seen = new HashSet<String>();
    for (var member : members) {
      requireNew(seen, "node " + member.node());
      requireNew(seen, member.host() + ":" + member.clusterPort());
      requireNew(seen, member.host() + ":" + member.busPort());
      requireNew(seen, member.host() + ":" + member.logPort());
    }
  }

  /** The entry of {@code node}. */
  public MemberConfig member(NodeId node) {
    return members.stream()
        .filter(member -> member.node().equals(node))
        .findFirst()
        .orElseThrow(
            () -> new ConfigException("node is " + node + ", which is not in cluster.members"));
  }

  static ClusterConfig read(ConfigSection section) {
    return new ClusterConfig(
        section.sections("members", MemberConfig::read), section.optionalPath("jgroups-file"));
  }

  private static void requireNew(HashSet<String> seen, String what) {
    if (!seen.add(what)) {
      throw new ConfigException("cluster.members names " + what + " twice");
    }
  }
}
