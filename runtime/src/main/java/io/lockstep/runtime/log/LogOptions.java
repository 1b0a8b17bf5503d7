package io.lockstep.runtime.log;

import io.lockstep.model.NodeId;
import io.lockstep.model.Require;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How one node takes part in the ordered log.
 *
 * @param self this node, one of {@code peers}
 * @param peers every member, the same on all nodes
 * @param directory where the log is stored; it must outlive the process
 * @param keepBytes how much of the log is kept behind what the database has applied, so that a node
 *     that was away catches up from it; the last segment is kept in any case
 * @param keepEntries the same in entries, each of which costs about 200 bytes of heap
 * @param electionMin a follower that hears nothing for this long, or up to {@code electionMax},
 *     asks for votes; smaller finds a dead leader sooner and takes a long pause for death
 */
public record LogOptions(
    NodeId self,
    List<LogPeer> peers,
    Path directory,
    long keepBytes,
    long keepEntries,
    Duration electionMin,
    Duration electionMax) {
  public static final long KEEP_BYTES_DEFAULT = 1L << 30;
  public static final long KEEP_ENTRIES_DEFAULT = 300_000;
  public static final Duration ELECTION_MIN_DEFAULT = Duration.ofMillis(300);
  public static final Duration ELECTION_MAX_DEFAULT = Duration.ofMillis(600);

  public LogOptions {
    peers = List.copyOf(peers);
    Require.that(
        peers.stream().filter(peer -> peer.node().equals(self)).count() == 1,
        "this node is listed once among the log's peers: " + self);
    Require.that(
        peers.stream().map(LogPeer::node).distinct().count() == peers.size(),
        "every log peer has its own node id");
    Require.that(keepBytes >= 0 && keepEntries >= 0, "what is kept of the log is not negative");
    Require.that(electionMin.toMillis() >= 50, "an election timeout is at least 50 ms");
    Require.that(
        electionMax.compareTo(electionMin) > 0, "the election timeouts are a range: min < max");
  }

  /** The usual figures. */
  public static LogOptions of(NodeId self, List<LogPeer> peers, Path directory) {
    return new LogOptions(
        self,
        peers,
        directory,
        KEEP_BYTES_DEFAULT,
        KEEP_ENTRIES_DEFAULT,
        ELECTION_MIN_DEFAULT,
        ELECTION_MAX_DEFAULT);
  }

  /** The same with another bound on what is kept. */
  public LogOptions keeping(long bytes, long entries) {
    return new LogOptions(self, peers, directory, bytes, entries, electionMin, electionMax);
  }

  /** The same with other election timeouts. */
  public LogOptions electing(Duration min, Duration max) {
    return new LogOptions(self, peers, directory, keepBytes, keepEntries, min, max);
  }

  LogPeer own() {
    return peers.stream().filter(peer -> peer.node().equals(self)).findFirst().orElseThrow();
  }
}
