package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.BulkValue;
import io.lockstep.mysql.Command;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.Prepared;
import io.lockstep.mysql.ReplyShape;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.Facts;
import io.lockstep.sql.PickingQuery;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** The statements that a client prepared in the binary protocol. Lives as long as the session. */
final class PreparedStatements {
  /** As the server's default of {@code max_prepared_stmt_count}, for one session. */
  static final int STATEMENTS_MAX = 16_382;

  /** MariaDB's drivers use this id for the statement that they prepared last. */
  private static final long LAST_PREPARED = 0xffff_ffffL;

  private static final String PIN = "it has an open cursor";
  private static final String PIN_PIECES = "a parameter was sent in pieces";

  private final Session session;
  private final int longDataMax;
  private final Map<Long, PreparedStatement> statements = new HashMap<>();
  private long lastId;

  /** Empty while the last preparation is under way, and when it has failed. */
  private OptionalLong lastPrepared = OptionalLong.empty();

  PreparedStatements(Session session, int longDataMax) {
    this.session = session;
    this.longDataMax = longDataMax;
  }

  void clear() {
    statements.clear();
  }

  Future<Void> prepare(Command.Prepare command, ClientAnswer answer) {
    lastPrepared = OptionalLong.empty();
    if (statements.size() >= STATEMENTS_MAX) {
      return session.refuse(
          answer,
          new MySqlError(
              1461,
              "42000",
              "Can't create more than max_prepared_stmt_count statements (current value: "
                  + STATEMENTS_MAX
                  + ")"));
    }
    return session
        .ready()
        .compose(
            settings -> {
              Statement read = Classifier.read(command.sql(), settings.dialect());
              if (read.type().equals(StatementClass.Refused.SEVERAL)) {
                read = Classifier.readOne(command.sql(), settings.dialect());
              }
              if (session.tables().refusal(read).isPresent()
                  || read.type() instanceof StatementClass.Refused) {
                return session.run(read, answer);
              }
              return prepare(read, answer);
            });
  }

  private Future<Void> prepare(Statement whole, ClientAnswer answer) {
    Statement statement = ScopedSettings.called(whole);
    Backend backend = session.backend();
    boolean locks = session.transaction().mindsLocks();
    session.state().read();
    return new Preparing(session)
        .of(OwnReads.preparable(session, statement, Reading.withoutLocks(statement, locks)))
        .map(
            prepared -> {
              PreparedStatement kept = keep(statement, prepared);
              kept.within(whole);
              if (kept.relayed()) {
                kept.preparedAt(backend, locks, prepared.statementId());
              } else {
                backend.connection().closeStatement(prepared.statementId());
              }
              answer.prepared(renamed(prepared.packets(), kept.id()));
              return null;
            });
  }

  private PreparedStatement keep(Statement statement, Prepared prepared) {
    PreparedStatement kept =
        new PreparedStatement(
            ++lastId,
            PreparedText.named(statement),
            prepared.header().parameters(),
            isRelayed(statement),
            longDataMax);
    statements.put(kept.id(), kept);
    lastPrepared = OptionalLong.of(kept.id());
    return kept;
  }

  private static boolean isRelayed(Statement statement) {
    return (statement.type().isRead()
            && !OwnReads.concerns(statement)
            && !PickingQuery.skips(statement))
        || statement.type() instanceof StatementClass.Call
        || statement.type() instanceof StatementClass.Empty;
  }

  private static List<Bytes> renamed(List<Bytes> packets, long id) {
    Buffer header = Buffer.buffer(packets.get(0).toArray()).setIntLE(1, (int) id);
    List<Bytes> renamed = new ArrayList<>(packets);
    renamed.set(0, Bytes.owning(header.getBytes()));
    return renamed;
  }

  Future<Void> execute(Command.Execute command, Buffer payload, ClientAnswer answer) {
    Optional<PreparedStatement> found = find(command.statementId());
    if (found.isEmpty()) {
      return unknown(command.statementId(), "mysqld_stmt_execute", answer);
    }
    PreparedStatement statement = found.get();
    if (!statement.relayed()) {
      return new PreparedText(session, answer).execute(statement, command);
    }
    if (statement.scope().isPresent()) {
      Buffer kept = payload.copy();
      return new ScopedSettings(session, diagnosed(statement, answer))
          .around(statement.scope().get(), () -> executeThere(statement, command, kept, answer));
    }
    return executeThere(statement, command, payload, answer);
  }

  private Future<Void> executeThere(
      PreparedStatement statement, Command.Execute command, Buffer payload, ClientAnswer answer) {
    session.state().pinBy(statement.statement());
    boolean calls = statement.statement().type() instanceof StatementClass.Call;
    if (calls && !session.transaction().readsInBranch()) {
      return call(statement, payload.copy(), answer);
    }
    Facts facts = statement.statement().facts();
    if (session.transaction().journals() && facts.looksAtRows()) {
      return inTransaction(statement, command, payload, answer);
    }
    if (command.cursor() != 0) {
      session.state().pin(PIN);
    }
    return session
        .ready()
        .compose(settings -> session.recent())
        .compose(recent -> atBackend(statement))
        .compose(
            fresh ->
                relay(statement, command.cursor() != 0, payload, diagnosed(statement, answer))
                    .run(
                        backend ->
                            statement.execution(
                                payload, there(statement, backend).orElseThrow(), fresh),
                        ReplyShape.RESULTS))
        .onComplete(done -> CapturedWriting.leaves(session, statement.statement()))
        .onComplete(done -> used(statement));
  }

  /** Once for each row of parameters, or for many at once. */
  Future<Void> bulkExecute(Command.BulkExecute command, ClientAnswer answer) {
    Optional<PreparedStatement> found = find(command.statementId());
    if (found.isEmpty()) {
      return unknown(command.statementId(), "mysqld_stmt_bulk_execute", answer);
    }
    PreparedStatement statement = found.get();
    List<List<BulkValue>> rows = statement.decoder().decodeRows(command);
    return session
        .ready()
        .compose(
            settings ->
                new BulkExecution(session, answer)
                    .run(PreparedText.current(statement, settings), rows));
  }

  /** A function may turn out to write. */
  private Relay relay(PreparedStatement statement, boolean cursor, Buffer payload, Answer answer) {
    Relay relay = new Relay(session, statement.statement().facts(), answer);
    if (cursor) {
      return relay;
    }
    Buffer kept = payload.copy();
    return relay.orElse(
        () ->
            new CapturedWriting(
                    session, statement.statement(), answer, execution(statement, kept)::apply)
                .run());
  }

  private Function<Backend, Future<Buffer>> execution(PreparedStatement statement, Buffer payload) {
    return backend ->
        atBackend(statement)
            .map(
                fresh ->
                    statement.execution(payload, there(statement, backend).orElseThrow(), fresh));
  }

  /** What a procedure does is known by its rows alone; its results are in the binary protocol. */
  private Future<Void> call(PreparedStatement statement, Buffer payload, ClientAnswer answer) {
    return new CallRun(
            session,
            statement.statement(),
            diagnosed(statement, answer),
            new PreparedCall(statement, payload, execution(statement, payload)))
        .run()
        .onComplete(done -> used(statement));
  }

  private Answer diagnosed(PreparedStatement statement, Answer answer) {
    return new DiagnosedAnswer(answer, session, statement.statement());
  }

  /** Its locks hold until the end of the transaction, and what it showed may be compared. */
  private Future<Void> inTransaction(
      PreparedStatement statement, Command.Execute command, Buffer payload, ClientAnswer answer) {
    if (command.cursor() != 0) {
      session.state().pin(PIN);
    }
    Buffer kept = payload.copy();
    return mayPick(statement, command)
        .compose(
            picks ->
                picks
                    ? new PreparedText(session, answer).execute(statement, statement.values(kept))
                    : relayed(statement, kept, answer));
  }

  /** Rows that only this server would pick, of a read that may be compared. */
  private Future<Boolean> mayPick(PreparedStatement statement, Command.Execute command) {
    Statement text = statement.statement();
    boolean locks = text.type() instanceof StatementClass.Read read && read.locking();
    return PickingQuery.isBy(text)
            && (locks || session.transaction().journal().touches())
            && command.cursor() == 0
            && !statement.hasLongData()
        ? session.ready().compose(settings -> new PickingRead(session, text).mayDiffer())
        : Future.succeededFuture(false);
  }

  private Future<Void> relayed(PreparedStatement statement, Buffer kept, ClientAnswer answer) {
    return session
        .ready()
        .compose(
            settings ->
                new TransactionReading(session, statement.statement(), diagnosed(statement, answer))
                    .run(bound(statement, kept, settings), execution(statement, kept)))
        .onComplete(done -> used(statement));
  }

  /** The pieces of its parameters are gone with an execution or a reset. */
  private void used(PreparedStatement statement) {
    statement.hasLongData(false);
    session.state().unpin(PIN_PIECES);
  }

  /** The text with its parameters written in; empty when pieces of them are only at the backend. */
  private static Optional<Bytes> bound(
      PreparedStatement statement, Buffer payload, SettingsSnapshot settings) {
    if (statement.hasLongData()) {
      return Optional.empty();
    }
    return Optional.of(
        PreparedText.bound(
            statement.statement(),
            statement.values(payload).stream().map(ParameterLiteral::of).toList(),
            settings.dialect()));
  }

  private Optional<Long> there(PreparedStatement statement, Backend backend) {
    return statement.idAt(backend, session.transaction().mindsLocks());
  }

  /** Prepares it at a new master; completes with whether that was needed. */
  private Future<Boolean> atBackend(PreparedStatement statement) {
    Backend backend = session.backend();
    boolean locks = session.transaction().mindsLocks();
    if (statement.idAt(backend, locks).isPresent()) {
      return Future.succeededFuture(false);
    }
    statement.outdatedAt(backend).ifPresent(backend.connection()::closeStatement);
    if (statement.hasLongData()) {
      return Future.failedFuture(new SessionLostException("long data was lost with its master"));
    }
    return backend
        .prepareWrite(Reading.withoutLocks(statement.statement(), locks))
        .map(
            prepared -> {
              statement.preparedAt(backend, locks, prepared.statementId());
              return true;
            });
  }

  Future<Void> fetch(Command.Fetch command, Buffer payload, ClientAnswer answer) {
    Optional<PreparedStatement> found = find(command.statementId());
    if (found.isEmpty()) {
      return unknown(command.statementId(), "mysqld_stmt_fetch", answer);
    }
    Optional<Long> there =
        session
            .mastership()
            .current()
            .filter(Backend::open)
            .flatMap(backend -> there(found.get(), backend));
    if (there.isEmpty()) {
      return session.refuse(
          answer,
          new MySqlError(
              1421, "HY000", "The statement (" + command.statementId() + ") has no open cursor"));
    }
    return new Relay(session, Facts.NONE, answer)
        .run(PreparedStatement.command(payload, there.get()), ReplyShape.UNTIL_EOF);
  }

  Future<Void> reset(Command.ResetStatement command, Buffer payload, ClientAnswer answer) {
    Optional<PreparedStatement> found = find(command.statementId());
    if (found.isEmpty()) {
      return unknown(command.statementId(), "mysqld_stmt_reset", answer);
    }
    session.state().unpin(PIN);
    found.get().decoder().reset();
    used(found.get());
    Optional<Long> there =
        session
            .mastership()
            .current()
            .filter(Backend::open)
            .flatMap(backend -> there(found.get(), backend));
    if (there.isEmpty()) {
      answer.ok(OkPacket.of(session.state().status()));
      return Future.succeededFuture();
    }
    return new Relay(session, Facts.NONE, answer)
        .run(PreparedStatement.command(payload, there.get()), ReplyShape.SINGLE);
  }

  /** No answer, whatever happens. */
  void longData(Command.LongData command, Buffer payload) {
    find(command.statementId())
        .ifPresent(
            statement -> {
              if (!statement.relayed()) {
                statement.decoder().longData(command);
                return;
              }
              Optional<Backend> backend = session.mastership().current().filter(Backend::open);
              backend
                  .flatMap(open -> there(statement, open))
                  .ifPresent(
                      there ->
                          backend
                              .get()
                              .connection()
                              .command(PreparedStatement.command(payload, there), ReplyShape.NONE));
              statement.hasLongData(true);
              session.state().pin(PIN_PIECES);
            });
  }

  /** No answer, whatever happens. */
  void close(Command.CloseStatement command) {
    Optional<PreparedStatement> closed = find(command.statementId());
    closed.ifPresent(statement -> statements.remove(statement.id()));
    session.state().unpin(PIN);
    session.state().unpin(PIN_PIECES);
    Optional<Backend> backend = session.mastership().current().filter(Backend::open);
    closed
        .flatMap(statement -> backend.flatMap(open -> there(statement, open)))
        .ifPresent(there -> backend.get().connection().closeStatement(there));
  }

  /** The one that is known by this id. */
  Optional<PreparedStatement> find(long id) {
    return Optional.ofNullable(statements.get(id == LAST_PREPARED ? lastPrepared.orElse(id) : id));
  }

  private Future<Void> unknown(long id, String verb, Answer answer) {
    return session.refuse(
        answer,
        new MySqlError(
            1243, "HY000", "Unknown prepared statement handler (" + id + ") given to " + verb));
  }
}
