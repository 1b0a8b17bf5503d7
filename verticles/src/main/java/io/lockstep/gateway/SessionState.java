package io.lockstep.gateway;

import io.lockstep.model.Outcome;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.TableName;
import io.lockstep.model.WriteId;
import io.lockstep.mysql.Collations;
import io.lockstep.mysql.ServerStatus;
import io.lockstep.mysql.TlsSession;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a session is, apart from its connections: all that must be known to continue it on another
 * master, and what forbids that. Lives on the session's context.
 */
final class SessionState {
  /** Why a session stays: only its connection knows what LAST_INSERT_ID() is. */
  static final String PIN_INSERT_ID = "LAST_INSERT_ID() was given a value";

  /** Sequences whose last value is kept for one session. */
  private static final int SEQUENCES_MAX = 10_000;

  private static final int KEPT_FLAGS =
      ServerStatus.AUTOCOMMIT
          | ServerStatus.IN_TRANS
          | ServerStatus.IN_TRANS_READONLY
          | ServerStatus.NO_BACKSLASH_ESCAPES
          | ServerStatus.ANSI_QUOTES;

  private static final int IN_ANY = ServerStatus.IN_TRANS | ServerStatus.IN_TRANS_READONLY;

  private final SessionId id;
  private final long connectionId;
  private final Map<TableName, Long> sequenceValues = new HashMap<>();
  private final SettingsJournal journal = new SettingsJournal();
  private final Set<String> pins = new LinkedHashSet<>();
  private Optional<TlsSession> tls = Optional.empty();
  private Optional<SettingsSnapshot> settings = Optional.empty();
  private Charset messages = StandardCharsets.UTF_8;
  private int messagesCollation = Collations.UTF8MB4_GENERAL_CI;
  private Optional<Outcome> lastWrite = Optional.empty();
  private String schema = "";
  private long lastInsertId;
  private boolean lastInsertIdUnsent;
  private boolean ownTimestamp;
  private boolean interrupted;
  private long counter;
  private int status = ServerStatus.AUTOCOMMIT;
  private final DiagnosticsArea diagnostics = new DiagnosticsArea();
  private Consistency consistency = Consistency.SESSION;
  private Seq seen = Seq.NONE;

  SessionState(SessionId id, long connectionId) {
    this.id = id;
    this.connectionId = connectionId;
  }

  long connectionId() {
    return connectionId;
  }

  SessionId sessionId() {
    return id;
  }

  WriteId nextWriteId() {
    return new WriteId(id, ++counter);
  }

  SettingsJournal journal() {
    return journal;
  }

  /** The settings, unless something may have changed them since they were read. */
  Optional<SettingsSnapshot> settings() {
    return settings;
  }

  /** What the texts of errors and warnings are in, as far as is known. */
  Charset messages() {
    return messages;
  }

  /** The same as a collation of it. */
  int messagesCollation() {
    return messagesCollation;
  }

  void settings(SettingsSnapshot read) {
    settings = Optional.of(read);
    messages = read.messages();
    messagesCollation = read.messagesCollation();
    schema = read.schema();
  }

  /** What the client's own connection has agreed on; empty without TLS. */
  Optional<TlsSession> tls() {
    return tls;
  }

  void tls(TlsSession agreed) {
    tls = Optional.of(agreed);
  }

  /** The default schema, as far as it is known; empty for none. */
  String schema() {
    return schema;
  }

  /** The default schema that the session asks for. */
  void schema(String name) {
    schema = name;
  }

  /** Something may have changed the settings. */
  void settingsChanged() {
    settings = Optional.empty();
  }

  /** What a read leaves at its connection and nowhere else keeps the session there. */
  void pinBy(Statement statement) {
    if (statement.type() instanceof StatementClass.Read read && read.pins()) {
      pin("it may hold user locks or open handlers");
    }
    if (statement.facts().assignsUserVariables()) {
      pin("a query assigned user variables");
    }
    if (InsertIds.givenBy(statement.facts())) {
      pin(PIN_INSERT_ID);
    }
  }

  /** The session cannot move to another master while this lasts. */
  void pin(String reason) {
    pins.add(reason);
  }

  void unpin(String reason) {
    pins.remove(reason);
  }

  /** Why the session cannot move; empty when it can. */
  Set<String> pins() {
    return new LinkedHashSet<>(pins);
  }

  /** What the last statement did, if it was a write: SHOW WARNINGS is answered from it. */
  Optional<Outcome> lastWrite() {
    return lastWrite;
  }

  /** The same, if it failed. */
  Optional<Outcome.Failed> failedWrite() {
    return lastWrite.flatMap(
        outcome ->
            outcome.fold(done -> Optional.empty(), Optional::of, refused -> Optional.empty()));
  }

  void wrote(Outcome outcome) {
    lastWrite = Optional.of(outcome);
  }

  /** A write drew this id; the backend has yet to hear of it. */
  void drew(long insertId) {
    lastInsertId = insertId;
    lastInsertIdUnsent = true;
    unpin(PIN_INSERT_ID);
  }

  /** The id that the backend has not heard of, which the caller now tells it. */
  Optional<Long> takeUnsentInsertId() {
    boolean unsent = lastInsertIdUnsent;
    lastInsertIdUnsent = false;
    return unsent ? Optional.of(lastInsertId) : Optional.empty();
  }

  /** A connection is told of an id that a write drew, before a statement that may ask for it. */
  void tellInsertId(Backend backend) {
    takeUnsentInsertId()
        .ifPresent(id -> backend.query("SET SESSION last_insert_id=" + Long.toUnsignedString(id)));
  }

  /** A statement of the open transaction drew this id, 0 for none; the connection knows it. */
  void drewInBranch(long insertId) {
    if (insertId != 0) {
      lastInsertId = insertId;
      unpin(PIN_INSERT_ID);
    }
  }

  /** The next backend is a new one: it has heard of nothing. */
  void movedToNewBackend() {
    lastInsertIdUnsent = lastInsertId != 0;
    settings = Optional.empty();
  }

  /** The value of a sequence that the session drew last. */
  Optional<Long> drawnFrom(TableName sequence) {
    return Optional.ofNullable(sequenceValues.get(sequence));
  }

  void drewFrom(TableName sequence, long value) {
    if (sequenceValues.size() < SEQUENCES_MAX || sequenceValues.containsKey(sequence)) {
      sequenceValues.put(sequence, value);
    }
  }

  /** Another statement was run: what the write left behind is gone. */
  void read() {
    lastWrite = Optional.empty();
  }

  /** What the last statement left behind to be asked for. */
  DiagnosticsArea diagnostics() {
    return diagnostics;
  }

  Consistency consistency() {
    return consistency;
  }

  void consistency(Consistency wanted) {
    consistency = wanted;
  }

  int status() {
    return status;
  }

  void status(int flags) {
    status = flags & KEPT_FLAGS;
  }

  boolean inTransaction() {
    return (status & ServerStatus.IN_TRANS) != 0;
  }

  /** A transaction has begun, or has ended. */
  void inTransaction(boolean is) {
    status = is ? (status & ~IN_ANY) | ServerStatus.IN_TRANS : status & ~IN_ANY;
  }

  /** The client has begun a transaction. */
  void transactionBegun(boolean readOnly) {
    status = (status & ~IN_ANY) | (readOnly ? IN_ANY : ServerStatus.IN_TRANS);
  }

  /** The flags of an answer that was given beside the transaction, which goes on if one is open. */
  int beside(int flags) {
    return (flags & ~IN_ANY) | (status & IN_ANY);
  }

  /** Whether somebody has asked to end the statement that runs now (KILL QUERY). */
  boolean interrupted() {
    return interrupted;
  }

  void interrupted(boolean is) {
    interrupted = is;
  }

  /** Every write up to this one is visible to the session, wherever it reads. */
  Seq seen() {
    return seen;
  }

  /** What another master must have applied before the session reads there. */
  Seq mustSee() {
    return consistency == Consistency.ANY ? Seq.NONE : seen;
  }

  void saw(Seq seq) {
    seen = seq.isAfter(seen) ? seq : seen;
  }

  /** Whether the session has set its clock itself (SET timestamp). */
  boolean ownTimestamp() {
    return ownTimestamp;
  }

  void ownTimestamp(boolean set) {
    ownTimestamp = set;
  }

  /** Whether each statement is a transaction of its own. */
  boolean autocommit() {
    return (status & ServerStatus.AUTOCOMMIT) != 0;
  }

  /** As after COM_RESET_CONNECTION: nothing is left but the identity. */
  void reset() {
    journal.clear();
    pins.clear();
    settings = Optional.empty();
    lastWrite = Optional.empty();
    lastInsertId = 0;
    lastInsertIdUnsent = false;
    ownTimestamp = false;
    sequenceValues.clear();
    diagnostics.reset();
    consistency = Consistency.SESSION;
    status = ServerStatus.AUTOCOMMIT;
  }
}
