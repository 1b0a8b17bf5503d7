package io.lockstep.gateway;

import io.lockstep.gateway.locks.SessionLocks;
import io.lockstep.model.Applied;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.model.WriteKind;
import io.lockstep.mysql.BackendConnection;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.ProtocolException;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.Dialect;
import io.lockstep.sql.Engines;
import io.lockstep.sql.NamedSchemas;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One session: runs statements one after the other, reads at its master's database, writes through
 * the order. Lives on its gateway's context; the caller waits for each answer before the next.
 */
final class Session {
  private final SessionParts parts;
  private final SessionState state;
  private final Identity identity;
  private final Mastership mastership;
  private final TemporaryTables temporary = new TemporaryTables();
  private final TextStatements texts = new TextStatements(this);
  private final boolean foundRows;
  private final SessionTransaction transaction = new SessionTransaction(this);
  private final SessionLocks locks;
  private final SessionTables tables;
  private final AccessMode access = new AccessMode();
  private boolean released;
  private Optional<WriteId> keyed = Optional.empty();

  Session(SessionParts parts, SessionState state, BackendFace face, boolean foundRows) {
    this.parts = parts;
    this.state = state;
    this.identity = face.identity();
    this.mastership = new Mastership(parts, state, face);
    this.foundRows = foundRows;
    this.locks = new SessionLocks(parts.locks(), parts.ports().timers(), state.connectionId());
    this.tables = new SessionTables(this);
  }

  /** Connects to a master; the database's own refusal of the account is a client error. */
  Future<SettingsSnapshot> open() {
    return ready();
  }

  SessionParts parts() {
    return parts;
  }

  SessionState state() {
    return state;
  }

  Identity identity() {
    return identity;
  }

  Mastership mastership() {
    return mastership;
  }

  /** The user locks that it has or waits for. */
  SessionLocks locks() {
    return locks;
  }

  /** The table locks that it has or waits for. */
  SessionTables tables() {
    return tables;
  }

  SessionTransaction transaction() {
    return transaction;
  }

  /** Whether the client asked for the end of its connection (COMMIT RELEASE). */
  boolean released() {
    return released;
  }

  void released(boolean asked) {
    released |= asked;
  }

  TemporaryTables temporary() {
    return temporary;
  }

  TextStatements texts() {
    return texts;
  }

  /** Whether the client counts matched rows (CLIENT_FOUND_ROWS). */
  boolean foundRows() {
    return foundRows;
  }

  AccessMode access() {
    return access;
  }

  /** Before the database computes what may ask for the id that the last write drew. */
  void tellInsertId() {
    state.tellInsertId(backend());
  }

  /** The id of this session's only write, if it is an idempotent one. */
  Optional<WriteId> keyed() {
    return keyed;
  }

  void keyed(Optional<WriteId> id) {
    keyed = id;
  }

  /** Connected, protected, and its settings known; at another connection when one is lost. */
  Future<SettingsSnapshot> ready() {
    return ready(1);
  }

  private Future<SettingsSnapshot> ready(int attempt) {
    return prepared()
        .recover(
            cause ->
                Mastership.isLoss(cause) && attempt < Writing.BACKENDS_MAX
                    ? ready(attempt + 1)
                    : Future.failedFuture(cause));
  }

  private Future<SettingsSnapshot> prepared() {
    return mastership
        .backend()
        .compose(
            backend -> {
              if (state.settings().isPresent()) {
                return Future.succeededFuture(state.settings().get());
              }
              Future<Void> safe = backend.protect();
              return backend
                  .settings(parts.ports().face().number())
                  .compose(settings -> safe.map(settings))
                  .onSuccess(state::settings);
            });
  }

  /** As the other, for one statement of Lockstep's own about one table as it is now. */
  Future<Applied> order(WriteKind kind, Step step, TableName table) {
    Set<String> schemas = Set.of(NamedSchemas.lower(table.schema()));
    return order(
        kind, List.of(step), () -> parts.ports().position().get().seq(), schemas, () -> {});
  }

  /**
   * Orders what the client has not written itself as one statement.
   *
   * @param basis the position that its analysis holds for, asked for when the session is ready
   * @param schemas that it depends on; none for all
   * @param placed called when the log has it, if that is learnt before the outcome
   */
  Future<Applied> order(
      WriteKind kind, List<Step> steps, Supplier<Seq> basis, Set<String> schemas, Runnable placed) {
    return ready()
        .compose(
            settings ->
                parts
                    .intake()
                    .submit(
                        new Write(
                            state.nextWriteId(),
                            kind,
                            parts.ports().self(),
                            mastership.node(),
                            settings.account(),
                            basis.get(),
                            steps,
                            foundRows,
                            schemas,
                            transaction.journal().isContended()),
                        mastership::node,
                        placed));
  }

  /**
   * Reads what something may have changed, for who cannot wait for the next statement.
   *
   * @param overtaken whether a statement is under way by now, which may change it again
   */
  Future<?> learnSettings(BooleanSupplier overtaken) {
    Optional<Backend> here = mastership.current().filter(Backend::open);
    if (here.isEmpty()) {
      return Future.succeededFuture();
    }
    Future<Void> safe = here.get().protect();
    return here.get()
        .settings(parts.ports().face().number())
        .compose(settings -> safe.map(settings))
        .onSuccess(
            settings -> {
              if (!overtaken.getAsBoolean() && mastership.current().equals(here)) {
                state.settings(settings);
              }
            });
  }

  /** Lets the database know that the session lives, if it has heard nothing of it. */
  void keepAlive() {
    mastership
        .current()
        .map(Backend::connection)
        .filter(connection -> connection.open() && connection.outstanding() == 0)
        .ifPresent(BackendConnection::ping);
  }

  /** Goes to where transactions meet, which is a hint: they are validated wherever they run. */
  void joinTransactions() {
    if (parts.config().transactions() == TransactionPlace.TOGETHER) {
      parts.meeting().place().ifPresent(mastership::prefer);
    }
  }

  /** The connection that {@link #ready} has made ready. */
  Backend backend() {
    return mastership.current().orElseThrow(() -> new SessionLostException("no master"));
  }

  /** Runs one statement. A failed future is an answer that the caller has yet to give. */
  Future<Void> run(Bytes sql, Answer answer) {
    return ready()
        .compose(
            settings -> {
              if (!Dialect.readable(settings.charset())) {
                return refuse(
                    answer,
                    MySqlError.notSupported("the client character set " + settings.charset()));
              }
              if (sql.length() >= settings.packetBytesMax()) {
                return refuse(answer, ProtocolException.tooLarge().error());
              }
              return run(Classifier.read(sql, settings.dialect()), answer);
            });
  }

  /** The same for a statement that has been read. */
  Future<Void> run(Statement given, Answer answer) {
    Statement statement = Engines.replaced(given);
    Answer noted = new DiagnosedAnswer(answer, this, statement);
    if (!locks.sure() || !tables.sure()) {
      return Future.failedFuture(
          new SessionLostException("its locks may be another session's by now"));
    }
    return admitted(statement, noted, () -> dispatch(statement, noted));
  }

  /** Runs it when neither the session's own table locks nor those of others are in its way. */
  Future<Void> admitted(Statement statement, Answer answer, Supplier<Future<Void>> run) {
    Optional<MySqlError> refusal = tables.refusal(statement);
    if (refusal.isPresent()) {
      return refuse(answer, refusal.get());
    }
    Supplier<Future<Void>> begun =
        transaction.beginsWithReading(statement)
            ? () -> transaction.begin(true, false).compose(open -> run.get())
            : run;
    return tables.free(statement)
        ? begun.get()
        : tables
            .passed(statement)
            .compose(error -> error.map(told -> refuse(answer, told)).orElseGet(begun));
  }

  private Future<Void> dispatch(Statement statement, Answer noted) {
    if (LockCalls.concerns(statement)) {
      return new LockCalls(this, statement, noted).run();
    }
    return SequenceRun.mayConcern(this, statement)
        ? new SequenceRun(this, statement, noted).run()
        : runAsItIs(statement, noted);
  }

  /** The same for one that has nothing to be written into it. */
  Future<Void> runAsItIs(Statement statement, Answer noted) {
    boolean mayRead =
        statement.type().isRead() || statement.type() instanceof StatementClass.TransactionControl;
    return mayRead && waitsToRead()
        ? recent().compose(now -> statement.type().fold(new StatementRun(this, statement, noted)))
        : statement.type().fold(new StatementRun(this, statement, noted));
  }

  /** Before a read: its master has what the session's consistency asks for. */
  Future<Void> recent() {
    if (!waitsToRead()) {
      return Future.succeededFuture();
    }
    Future<Seq> sure =
        state.consistency() == Consistency.STRONG
            ? parts.strong().ready(this::master)
            : parts
                .strong()
                .sees(this::master, mastership.mustSee())
                .recover(late -> parts.strong().awaits(this::master, state.mustSee()));
    return sure.onSuccess(state::saw).mapEmpty();
  }

  Future<NodeId> master() {
    return ready().map(settings -> backend().node());
  }

  /** Inside a transaction its beginning has waited. */
  private boolean waitsToRead() {
    if (state.inTransaction()) {
      return false;
    }
    return switch (state.consistency()) {
      case STRONG -> true;
      case SESSION -> mastership.current().filter(here -> lags(here.node())).isPresent();
      case ANY -> false;
    };
  }

  private boolean lags(NodeId node) {
    return mastership.mustSee().isAfter(parts.progress().known(node));
  }

  Future<Void> refuse(Answer answer, MySqlError error) {
    parts.metrics().refused(error.code());
    state.read();
    answer.error(error);
    return Future.succeededFuture();
  }

  /** Ends with an OK that carries the session's flags. */
  Future<Void> ok(Answer answer, int warnings) {
    answer.ok(OkPacket.of(0, 0, state.status(), warnings, ""));
    return Future.succeededFuture();
  }

  /** COM_RESET_CONNECTION: as after the login; the default schema stays. */
  Future<Void> reset() {
    return transaction
        .rollback()
        .compose(ended -> ready())
        .compose(settings -> backend().connection().reset())
        .compose(
            reply -> {
              state.reset();
              temporary.clear();
              texts.clear();
              access.reset();
              return locks
                  .reset()
                  .compose(free -> tables.release())
                  .compose(free -> ready())
                  .mapEmpty();
            });
  }

  /** Another session of the same account at the same master, for what is done on its behalf. */
  Session beside() {
    SessionId id = SessionId.ofConnection(parts.random().nextLong(), parts.random().nextLong());
    SessionState own = new SessionState(id, parts.ports().connections().nextId());
    Session other = new Session(parts, own, mastership.face(), false);
    other.mastership.prefer(mastership.node());
    own.saw(state.mustSee());
    return other;
  }

  void close() {
    locks.end();
    tables.end();
    transaction.abandoned();
    mastership.close();
  }
}
