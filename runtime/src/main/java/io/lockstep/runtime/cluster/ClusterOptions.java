package io.lockstep.runtime.cluster;

import io.lockstep.model.NodeId;
import io.lockstep.model.Require;
import io.lockstep.runtime.log.LogOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How one node takes part in the cluster.
 *
 * @param self this node, one of {@code members}
 * @param members every configured node, the same list in the same order on all nodes; a majority is
 *     counted by it, and the earlier a node stands in it, the sooner it is to sequence
 * @param log how the ordered log is kept
 * @param jgroupsFile a JGroups stack to be used instead of the built-in one
 */
public record ClusterOptions(
    NodeId self, List<Member> members, LogOptions log, Optional<Path> jgroupsFile) {
  public ClusterOptions {
    members = List.copyOf(members);
    Require.that(
        members.stream().filter(member -> member.node().equals(self)).count() == 1,
        "this node is listed once among the members: " + self);
  }

  /** The usual figures; the log lies in {@code directory}. */
  public static ClusterOptions of(NodeId self, List<Member> members, Path directory) {
    LogOptions log = LogOptions.of(self, members.stream().map(Member::logPeer).toList(), directory);
    return new ClusterOptions(self, members, log, Optional.empty());
  }

  /** The same with the log kept otherwise. */
  public ClusterOptions with(LogOptions other) {
    return new ClusterOptions(self, members, other, jgroupsFile);
  }

  /** The same with a JGroups stack from a file. */
  public ClusterOptions withJgroups(Optional<Path> file) {
    return new ClusterOptions(self, members, log, file);
  }

  Member own() {
    return members.stream().filter(m -> m.node().equals(self)).findFirst().orElseThrow();
  }

  List<NodeId> nodes() {
    return members.stream().map(Member::node).toList();
  }
}
