package io.lockstep.runtime.log;

import java.util.List;
import java.util.UUID;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServerConfigKeys;

/** The settings without which Ratis 3.3.0 is slow to come back, unsafe or unbounded here. */
final class RatisSettings {
  /** Part of the identity of the log: all nodes must name the same group. */
  private static final RaftGroupId GROUP =
      RaftGroupId.valueOf(UUID.fromString("6c6f636b-7374-4570-8000-000000000001"));

  /** Largest entry of the engine; longer payloads are cut ({@link Parts}). */
  static final int ENTRY_BYTES_MAX = 4 << 20;

  /** Appends waiting for their commit on the leader; more are refused as full. */
  static final int PENDING_MAX = 4_096;

  /** Bytes waiting for their commit; room for one payload of the largest size and as much again. */
  static final int PENDING_MEGABYTES_MAX = 160;

  private RatisSettings() {}

  static RaftGroup group(LogOptions options) {
    List<RaftPeer> peers =
        options.peers().stream()
            .map(
                peer ->
                    RaftPeer.newBuilder()
                        .setId(RaftPeerId.valueOf(peer.node().name()))
                        .setAddress(peer.address())
                        .build())
            .toList();
    return RaftGroup.valueOf(GROUP, peers);
  }

  static RaftProperties properties(LogOptions options) {
    RaftProperties settings = new RaftProperties();
    settings.set("raft.rpc.type", "GRPC");
    settings.set("raft.grpc.server.host", options.own().host());
    settings.set("raft.grpc.server.port", Integer.toString(options.own().port()));
    RaftServerConfigKeys.setStorageDir(settings, List.of(options.directory().toFile()));
    timeouts(settings, options);
    replication(settings);
    storage(settings);
    bounds(settings);
    return settings;
  }

  private static void timeouts(RaftProperties settings, LogOptions options) {
    settings.set("raft.server.rpc.timeout.min", options.electionMin().toMillis() + "ms");
    settings.set("raft.server.rpc.timeout.max", options.electionMax().toMillis() + "ms");
    settings.set("raft.server.rpc.request.timeout", "3s");
    // By default the server closes itself after a pause of the machine of more than a minute.
    settings.set("raft.server.close.threshold", "600s");
    settings.set("raft.server.read.option", "LINEARIZABLE");
  }

  private static void replication(RaftProperties settings) {
    // The default waits up to 5 s between attempts and keeps a restarted follower out.
    settings.set("raft.server.log.appender.retry.policy", "1ms,10, 50ms,100, 200ms,100000");
    settings.set("raft.server.log.appender.buffer.element-limit", "256");
    settings.set("raft.server.log.appender.buffer.byte-limit", Integer.toString(ENTRY_BYTES_MAX));
    // Gathers what arrives within a millisecond into one request: half the CPU when many wait.
    settings.set("raft.server.log.appender.wait-time.min", "1ms");
    // Snapshots are the database's; a follower too far behind is told so and is rebuilt.
    settings.set("raft.server.log.appender.install.snapshot.enabled", "false");
    // One more entry for every commit step otherwise.
    settings.set("raft.server.log.log-metadata.enabled", "false");
  }

  private static void storage(RaftProperties settings) {
    settings.set("raft.server.log.segment.size.max", "8MB");
    settings.set("raft.server.log.segment.cache.num.max", "2");
    settings.set("raft.server.log.preallocated.size", "1MB");
    settings.set("raft.server.log.write.buffer.size", Integer.toString(ENTRY_BYTES_MAX + 64));
    settings.set("raft.server.log.corruption.policy", "EXCEPTION");
    // Anything else acknowledges what is not on the disk.
    settings.set("raft.server.log.unsafe-flush.enabled", "false");
    settings.set("raft.server.log.async-flush.enabled", "false");
    settings.set("raft.server.storage.free-space.min", "256MB");
    settings.set("raft.server.snapshot.auto.trigger.enabled", "false");
    settings.set("raft.server.snapshot.trigger-when-stop.enabled", "false");
    settings.set("raft.server.snapshot.creation.gap", "1");
    settings.set("raft.server.log.purge.gap", "1");
    settings.set("raft.server.log.purge.upto.snapshot.index", "true");
  }

  private static void bounds(RaftProperties settings) {
    settings.set("raft.server.write.element-limit", Integer.toString(PENDING_MAX));
    settings.set("raft.server.write.byte-limit", PENDING_MEGABYTES_MAX + "MB");
    settings.set("raft.server.log.queue.byte-limit", PENDING_MEGABYTES_MAX + "MB");
    // Nothing is sent twice under one call id, so the cache only costs memory.
    settings.set("raft.server.retrycache.expirytime", "1s");
  }
}
