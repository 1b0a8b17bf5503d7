package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import io.lockstep.mysql.Capabilities;
import io.lockstep.mysql.Command;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.ReplyShape;
import io.lockstep.sql.Facts;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Runs one command of a client. The future completes when it is answered. */
final class Commands implements Command.Visitor<Future<Void>> {
  /** Bits of COM_REFRESH: the state of a replica, and the binary log. */
  private static final int NOT_REFRESHED = 64 | 128;

  private final ClientSession client;
  private final Session session;
  private final Buffer payload;
  private final ClientAnswer answer;

  Commands(ClientSession client, Session session, Buffer payload, ClientAnswer answer) {
    this.client = client;
    this.session = session;
    this.payload = payload;
    this.answer = answer;
  }

  @Override
  public Future<Void> quit(Command.Quit command) {
    client.leave();
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> initDb(Command.InitDb command) {
    return session
        .ready()
        .compose(settings -> session.backend().connection().useSchema(command.schema()))
        .map(
            reply -> {
              session.state().read();
              if (reply.failure().isEmpty()) {
                session.state().schema(command.schema().utf8());
                session.state().settingsChanged();
              }
              answer.reply(reply);
              return null;
            });
  }

  @Override
  public Future<Void> query(Command.Query command) {
    if (!client.multiStatements()) {
      return session.run(command.sql(), answer);
    }
    return new StatementBatch(session, answer).run(command.sql());
  }

  @Override
  public Future<Void> fieldList(Command.FieldList command) {
    return relay(ReplyShape.UNTIL_EOF);
  }

  @Override
  public Future<Void> statistics(Command.Statistics command) {
    return relay(ReplyShape.SINGLE);
  }

  @Override
  public Future<Void> debug(Command.Debug command) {
    return relay(ReplyShape.SINGLE);
  }

  private Future<Void> relay(ReplyShape shape) {
    return session
        .ready()
        .compose(settings -> new Relay(session, Facts.NONE, answer).run(payload, shape));
  }

  @Override
  public Future<Void> refresh(Command.Refresh command) {
    return (command.options() & NOT_REFRESHED) == 0
        ? relay(ReplyShape.SINGLE)
        : session.refuse(
            answer,
            MySqlError.notSupported("RESET; the binary logs of the databases belong to Lockstep"));
  }

  @Override
  public Future<Void> processKill(Command.ProcessKill command) {
    return session
        .ready()
        .compose(settings -> new Killing(session).kill(command.connectionId(), false, answer));
  }

  @Override
  public Future<Void> ping(Command.Ping command) {
    answer.ok(OkPacket.of(session.state().status()));
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> change(Command.Change command) {
    return client.change(command.user());
  }

  @Override
  public Future<Void> prepare(Command.Prepare command) {
    return client.prepared().prepare(command, answer);
  }

  @Override
  public Future<Void> execute(Command.Execute command) {
    PreparedStatements prepared = client.prepared();
    return prepared
        .find(command.statementId())
        .filter(PreparedStatement::relayed)
        .map(
            known ->
                session.admitted(
                    known.statement(), answer, () -> prepared.execute(command, payload, answer)))
        .orElseGet(() -> prepared.execute(command, payload, answer));
  }

  @Override
  public Future<Void> bulkExecute(Command.BulkExecute command) {
    return client.prepared().bulkExecute(command, answer);
  }

  @Override
  public Future<Void> longData(Command.LongData command) {
    client.prepared().longData(command, payload);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> closeStatement(Command.CloseStatement command) {
    client.prepared().close(command);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> resetStatement(Command.ResetStatement command) {
    return client.prepared().reset(command, payload, answer);
  }

  @Override
  public Future<Void> fetch(Command.Fetch command) {
    return client.prepared().fetch(command, payload, answer);
  }

  @Override
  public Future<Void> setOption(Command.SetOption command) {
    if (command.option() > 1) {
      return session.refuse(answer, MySqlError.unknownCommand());
    }
    client.multiStatements(command.option() == 0);
    answer.eof(session.state().status());
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> resetConnection(Command.ResetConnection command) {
    return session
        .ready()
        .compose(
            settings -> {
              client.prepared().clear();
              return session.reset();
            })
        .compose(
            reset -> {
              answer.ok(OkPacket.of(session.state().status()));
              return Future.succeededFuture();
            });
  }

  @Override
  public Future<Void> unknown(Command.Unknown command) {
    return session.refuse(answer, MySqlError.unknownCommand());
  }

  static boolean multiStatements(long capabilities) {
    return Capabilities.has(capabilities, Capabilities.MULTI_STATEMENTS);
  }
}
