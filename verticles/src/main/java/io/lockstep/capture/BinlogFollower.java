package io.lockstep.capture;

import io.lockstep.bus.Timers;
import io.lockstep.model.Bytes;
import io.lockstep.mysql.BackendConnection;
import io.lockstep.mysql.BackendOptions;
import io.lockstep.mysql.BinlogPlace;
import io.lockstep.mysql.TextRows;
import io.lockstep.mysql.binlog.GroupReader;
import io.lockstep.mysql.binlog.Gtids;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the binary log of the node's database, as a replica does, and reads nothing else of it
 * than what prepared branches have changed. Appliers write with {@code sql_log_bin=0}, so the log
 * holds little more than that. Begins at the log's end again after every loss of the connection.
 * Used on one event loop.
 */
final class BinlogFollower {
  private static final Logger LOG = LoggerFactory.getLogger(BinlogFollower.class);

  /** Any number that no replica of this server has. */
  private static final long SERVER_ID = 0x4c4f434bL;

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);
  private static final Duration SILENCE_MAX = Duration.ofSeconds(10);

  /** Events as they are, without text; GTIDs are understood (MariaDB: mariadb_slave_capability). */
  private static final String INTRODUCTION =
      "SET @mariadb_slave_capability=4, @master_binlog_checksum=@@global.binlog_checksum,"
          + " @master_heartbeat_period="
          + HEARTBEAT.toNanos();

  private final Vertx vertx;
  private final NetClient client;
  private final BackendOptions options;
  private final Timers timers;
  private final CaptureBounds bounds;
  private final Captures captures;
  private final boolean purges;
  private Optional<BackendConnection> reading = Optional.empty();
  private Optional<Future<BackendConnection>> asking = Optional.empty();
  private long lastEvent;
  private String lastTrouble = "";
  private boolean stopped;

  /**
   * @param purges whether what has been read may be deleted: nobody else reads this log
   */
  BinlogFollower(
      Vertx vertx,
      NetClient client,
      BackendOptions options,
      Timers timers,
      CaptureBounds bounds,
      boolean purges) {
    this.purges = purges;
    this.vertx = vertx;
    this.client = client;
    this.options = options;
    this.timers = timers;
    this.bounds = bounds;
    this.captures = new Captures(timers, bounds, this::end);
  }

  Captures captures() {
    return captures;
  }

  /** Begins, and begins again until stopped. */
  void follow() {
    if (stopped) {
      return;
    }
    BackendConnection.connect(vertx, client, options)
        .compose(connection -> from(connection).onFailure(failure -> connection.close()))
        .onComplete(
            ended -> {
              reading = Optional.empty();
              String why = ended.failed() ? String.valueOf(ended.cause().getMessage()) : "it ended";
              if (ended.cause() instanceof NoBinaryLogException) {
                captures.impossible(why);
              } else {
                captures.interrupted("the binary log cannot be read: " + why);
              }
              if (!stopped) {
                report(why);
                timers.after(PAUSE, this::follow);
              }
            });
  }

  private void report(String why) {
    if (!why.equals(lastTrouble)) {
      LOG.warn("the binary log cannot be read, so no rows can be captured: {}", why);
      lastTrouble = why;
    }
  }

  /**
   * What is written between the two questions is read though it counts as read, which does no harm.
   */
  private Future<Void> from(BackendConnection connection) {
    reading = Optional.of(connection);
    return TextRows.query(connection, INTRODUCTION)
        .compose(introduced -> place(connection))
        .compose(place -> gtids(connection).compose(begin -> dump(connection, place, begin)));
  }

  private static Future<BinlogPlace> place(BackendConnection connection) {
    return TextRows.query(connection, "SHOW MASTER STATUS")
        .compose(
            status ->
                status.rows().isEmpty()
                    ? Future.failedFuture(new NoBinaryLogException())
                    : Future.succeededFuture(
                        new BinlogPlace(
                            text(status, 0).utf8(), Long.parseLong(text(status, 1).latin1()))));
  }

  private static Future<Gtids> gtids(BackendConnection connection) {
    return TextRows.query(connection, "SELECT @@global.gtid_binlog_pos")
        .map(rows -> Gtids.of(text(rows, 0).latin1()));
  }

  private static Bytes text(TextRows rows, int column) {
    return rows.rows().get(0).get(column).orElse(Bytes.EMPTY);
  }

  private Future<Void> dump(BackendConnection connection, BinlogPlace place, Gtids begin) {
    GroupReader reader = new GroupReader(begin, bounds.groupBytesMax(), captures::prepared);
    captures.following(begin);
    lastEvent = timers.nanos();
    watch(connection);
    return connection.dump(
        place, SERVER_ID, (int) bounds.groupBytesMax(), event -> read(reader, event));
  }

  private void read(GroupReader reader, Bytes event) {
    lastEvent = timers.nanos();
    Gtids before = reader.reached();
    reader.event(event);
    if (!reader.reached().equals(before)) {
      captures.reached(reader.reached());
    }
    if (GroupReader.endsFile(event)) {
      purge();
    }
  }

  /** A peer that is gone without a word would be waited for for ever. */
  private void watch(BackendConnection connection) {
    if (!connection.open()) {
      return;
    }
    if (timers.nanos() - lastEvent > SILENCE_MAX.toNanos()) {
      connection.close();
    } else {
      timers.after(HEARTBEAT, () -> watch(connection));
    }
  }

  private Future<Gtids> end() {
    return asking().compose(BinlogFollower::gtids);
  }

  /** What has been read is of no more use. The server keeps what a replica still reads. */
  private void purge() {
    if (purges) {
      asking()
          .compose(
              connection ->
                  place(connection)
                      .compose(
                          now ->
                              TextRows.query(
                                  connection, "PURGE BINARY LOGS TO '" + now.file() + "'")))
          .onFailure(failure -> LOG.warn("old binary logs stay: {}", failure.getMessage()));
    }
  }

  private Future<BackendConnection> asking() {
    boolean usable =
        asking
            .filter(opened -> !opened.failed())
            .filter(opened -> !opened.succeeded() || opened.result().open())
            .isPresent();
    if (!usable) {
      asking = Optional.of(BackendConnection.connect(vertx, client, options));
    }
    return asking.orElseThrow();
  }

  void stop() {
    stopped = true;
    reading.ifPresent(BackendConnection::close);
    asking.ifPresent(opened -> opened.onSuccess(BackendConnection::close));
  }
}
