package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.NodeId;
import io.lockstep.mysql.BackendConnection;
import io.lockstep.mysql.Prepared;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.TextRows;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * A session's connection to the database of its master. The database itself refuses writes on it
 * (invariant I5): its transactions are READ ONLY, but around what the gateway itself knows to be
 * harmless. Commands go out in the order of the calls.
 */
final class Backend {
  private static final Bytes READ_ONLY = Bytes.utf8("SET SESSION TRANSACTION READ ONLY");
  private static final Bytes READ_WRITE = Bytes.utf8("SET SESSION TRANSACTION READ WRITE");
  private static final Bytes ROLLBACK = Bytes.utf8("ROLLBACK");

  private static final int COM_QUERY = 3;

  /** ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION. */
  static final int WRITE_REFUSED = 1792;

  private final NodeId node;
  private final BackendConnection connection;

  Backend(NodeId node, BackendConnection connection) {
    this.node = node;
    this.connection = connection;
  }

  NodeId node() {
    return node;
  }

  BackendConnection connection() {
    return connection;
  }

  boolean open() {
    return connection.open();
  }

  /** Turns writing off; a connection on which that failed must not be used. */
  Future<Void> protect() {
    return connection.query(READ_ONLY).compose(Backend::orFail);
  }

  /** Reads the session's settings back. */
  Future<SettingsSnapshot> settings(int serverVersion) {
    return connection
        .query(SettingsSnapshot.QUERY)
        .compose(TextRows::of)
        .map(rows -> SettingsSnapshot.of(rows, serverVersion))
        .onSuccess(read -> connection.messages(read.messages()));
  }

  Future<Reply> query(Bytes sql) {
    return connection.query(sql);
  }

  Future<Reply> query(String sql) {
    return connection.query(Bytes.utf8(sql));
  }

  /**
   * Prepares with writing allowed, so that names and columns are looked at as well as privileges: a
   * preparation executes nothing.
   */
  Future<Prepared> prepareWrite(Bytes sql) {
    Future<Void> off = connection.query(READ_WRITE).compose(Backend::orFail);
    Future<Prepared> prepared = connection.prepare(sql);
    Future<Void> on = protect();
    return off.compose(allowed -> prepared)
        .transform(
            result ->
                on.compose(
                    safe ->
                        result.succeeded()
                            ? Future.succeededFuture(result.result())
                            : Future.failedFuture(result.cause())));
  }

  /** Runs something with writing allowed that changes nothing but this session. */
  Future<Reply> unprotected(Bytes sql) {
    Future<Void> off = connection.query(READ_WRITE).compose(Backend::orFail);
    Future<Reply> reply = connection.query(sql);
    Future<Void> on = protect();
    return off.compose(allowed -> reply)
        .compose(result -> on.map(result))
        .compose(
            result ->
                result.failure().filter(error -> error.code() == WRITE_REFUSED).isPresent()
                    ? Future.failedFuture(new ClientErrorException(Writing.READ_ONLY))
                    : Future.succeededFuture(result));
  }

  /** After a refused write inside a function a transaction may stay open: ends it. */
  void rollback() {
    connection.query(ROLLBACK);
  }

  /** Ends the connection from this side; nothing more is said on it. */
  void close() {
    if (connection.open()) {
      connection.close();
    }
  }

  void quit() {
    if (connection.open()) {
      connection.quit();
    }
  }

  /** COM_QUERY. */
  static Buffer textCommand(Bytes sql) {
    return command(COM_QUERY, sql);
  }

  /** One command as the client sent it. */
  static Buffer command(int code, Bytes argument) {
    return Buffer.buffer(argument.length() + 1)
        .appendByte((byte) code)
        .appendBytes(argument.view());
  }

  private static Future<Void> orFail(Reply reply) {
    return reply
        .failure()
        .<Future<Void>>map(error -> Future.failedFuture(new ClientErrorException(error)))
        .orElseGet(Future::succeededFuture);
  }
}
