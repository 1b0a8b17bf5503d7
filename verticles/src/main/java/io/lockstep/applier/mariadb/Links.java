package io.lockstep.applier.mariadb;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.BackendConnection;
import io.lockstep.mysql.BackendOptions;
import io.lockstep.mysql.Capabilities;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;

/** Opens connections to the node's database, each in a known state. */
final class Links {
  /** A statement of 64 MiB, its prefix and the bookkeeping's hexadecimal digits. */
  static final long PACKET_BYTES_MIN = 80L << 20;

  private static final long PACKET_BYTES = 128L << 20;

  /** Locks that clients hold are waited for in short steps, between which they can be removed. */
  private static final String WAITS =
      "SET SESSION wait_timeout=31536000, interactive_timeout=31536000, lock_wait_timeout=1,"
          + " innodb_lock_wait_timeout=1, max_statement_time=0";

  private final Vertx vertx;
  private final NetClient client;
  private final BackendOptions options;

  Links(Vertx vertx, NetClient client, BackendOptions options) {
    this.vertx = vertx;
    this.client = client;
    this.options = options;
  }

  /**
   * A connection for ordered writes. It refuses several statements in one, whatever the gateway's
   * analysis believed; it writes no binary log, which exists for row capture only.
   */
  Future<Link> forWrites() {
    return connect(single())
        .compose(this::withLargePackets)
        .compose(link -> link.run(WAITS).map(link))
        .compose(link -> link.run("SET SESSION sql_log_bin=0, autocommit=0").map(link))
        .compose(
            link -> link.run("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ").map(link))
        .compose(link -> link.run(PinnedContext.assignDefaults()).map(link))
        .compose(link -> use(link, PinnedContext.NO_SCHEMA).map(link));
  }

  /** What its answers tell of columns may be what a client wants to know. */
  private BackendOptions single() {
    return options
        .withCapabilities(
            (options.capabilities() | Capabilities.EXTENDED_METADATA)
                & ~Capabilities.MULTI_STATEMENTS)
        .withReplyBytesMax(OpenTransaction.RESULT_BYTES_MAX);
  }

  /** A connection for Lockstep's own statements, several in one, each committing by itself. */
  Future<Link> forItself() {
    return connect(options.withCapabilities(options.capabilities() | Capabilities.MULTI_STATEMENTS))
        .compose(link -> link.run(WAITS).map(link))
        .compose(link -> link.run("SET SESSION sql_log_bin=0, sql_mode=''").map(link))
        .compose(link -> link.run("SET SESSION time_zone='+00:00'").map(link));
  }

  private static Future<Void> use(Link link, String schema) {
    return link.connection().useSchema(Bytes.utf8(schema)).compose(Link::expectSuccess).mapEmpty();
  }

  private Future<Link> connect(BackendOptions how) {
    return BackendConnection.connect(vertx, client, how).map(Link::new);
  }

  /** A statement that one node takes and another refuses would be a divergence. */
  private Future<Link> withLargePackets(Link link) {
    return link.rows("SELECT @@max_allowed_packet")
        .compose(
            rows ->
                rows.get(0).number(0) >= PACKET_BYTES_MIN
                    ? Future.succeededFuture(link)
                    : link.run("SET GLOBAL max_allowed_packet=" + PACKET_BYTES)
                        .compose(set -> link.connection().quit())
                        .compose(gone -> connectAgain()));
  }

  private Future<Link> connectAgain() {
    return connect(single());
  }
}
