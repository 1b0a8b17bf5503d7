package io.lockstep.model;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one node holds at a checkpoint: a checksum of every table and a hash of every definition and
 * account, all taken at the same seq on every node.
 *
 * @param checkpoint the id that the checkpoint write carried
 * @param checksums by the name of what was summed
 */
public record CheckpointReport(
    NodeId node, String checkpoint, Seq seq, Map<String, Bytes> checksums) {
  public static final int CHECKSUMS_MAX = 100_000;
  public static final int ID_LENGTH_MAX = 128;

  public CheckpointReport {
    checksums = Map.copyOf(checksums);
    Require.that(!checkpoint.isEmpty(), "a checkpoint has an id");
    Require.that(checkpoint.length() <= ID_LENGTH_MAX, "a checkpoint's id is at most 128 long");
    Require.that(checksums.size() <= CHECKSUMS_MAX, "a report has at most 100,000 checksums");
  }

  /** The checksums in the order of their names. */
  public TreeMap<String, Bytes> sorted() {
    return new TreeMap<>(checksums);
  }
}
