package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.Reply;
import io.lockstep.sql.Assignment;
import io.lockstep.sql.Dialect;
import io.lockstep.sql.Facts;
import io.lockstep.sql.GlobalVariables;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Runs SET and USE. The database judges and keeps the settings; what would let the session write
 * behind the order's back, or change one node only, never reaches it.
 */
final class SettingChange {
  /** It would be computed beside the journal, whatever else that does. */
  static final MySqlError OF_ROWS =
      MySqlError.notSupported(
          "setting this variable inside a transaction to what tables or stored functions say; use"
              + " SET @x = … first");

  private static final String COMPUTED = "a setting was computed from data";

  private static final Set<String> GIVEN_BY_THE_ORDER =
      Set.of("insert_id", "auto_increment_increment", "auto_increment_offset");

  /** With these a captured write would be missing there, and so be lost. */
  private static final Set<String> OF_THE_BINARY_LOG =
      Set.of("sql_log_bin", "binlog_format", "binlog_row_image", "gtid_domain_id", "gtid_seq_no");

  private static final Set<String> AS_IT_IS =
      Set.of("1", "on", "true", "row", "'row'", "full", "'full'");

  /**
   * IS NULL would find what the connection's last write inserted, and an applier writes for all.
   */
  static final String FINDS_THE_LAST_ID = "sql_auto_is_null";

  private static final Bytes CHECKED = Bytes.utf8("SET SESSION unique_checks=1");
  static final Set<String> ON = Set.of("1", "on", "true", "'on'", "'1'");
  private static final Set<String> OFF = Set.of("0", "off", "false", "'off'", "'0'", "default");
  private static final String TRACKS_TRANSACTIONS = "session_track_transaction_info";

  private final Session session;
  private final Statement statement;
  private final Answer answer;

  SettingChange(Session session, Statement statement, Answer answer) {
    this.session = session;
    this.statement = statement;
    this.answer = answer;
  }

  Future<Void> run(StatementClass.SessionSetting setting) {
    Optional<Future<Void>> own = OwnVariables.set(session, statement, setting, answer);
    if (own.isPresent()) {
      return own.get();
    }
    if (GlobalSettings.concern(setting)) {
      return new GlobalSettings(session, statement, answer).run(setting);
    }
    List<Assignment> all = setting.assignments();
    Optional<String> refusal = all.stream().flatMap(one -> refusal(one).stream()).findFirst();
    if (refusal.isPresent()) {
      return session.refuse(answer, MySqlError.notSupported(refusal.get()));
    }
    Optional<Boolean> mode = all.stream().flatMap(one -> ModeSetting.of(one).stream()).findFirst();
    Optional<Bytes> others =
        mode.isPresent() && all.size() > 1
            ? ModeSetting.others(statement.facts(), all)
            : Optional.empty();
    if (mode.isPresent() && all.size() > 1 && others.isEmpty()) {
      return session.refuse(
          answer, MySqlError.notSupported("the read-only mode together with other settings"));
    }
    if (beginsAutocommit(all) && !session.state().autocommit()) {
      return new Committing(session)
          .run()
          .compose(ended -> session.ready())
          .compose(ready -> forward(others.orElse(statement.sql()), all));
    }
    Optional<Isolation> next = all.stream().flatMap(one -> nextIsolation(one).stream()).findFirst();
    boolean ofNext = all.stream().anyMatch(SettingChange::isOfNextTransaction);
    if (ofNext && session.state().inTransaction()) {
      return session.refuse(
          answer,
          new MySqlError(
              1568,
              "25001",
              "Transaction characteristics can't be changed while a transaction is in progress"));
    }
    next.ifPresent(session.transaction()::next);
    if (mode.isPresent()) {
      return others.isPresent() ? forward(others.get(), all) : mode(mode.get(), all.get(0));
    }
    return statement.facts().looksAtRows() && session.transaction().journals()
        ? called(all, () -> new TransactionWriting(session, statement, answer).captured())
        : written().compose(sql -> forward(sql, all));
  }

  /**
   * What it reads is locked, as one server does it for all but queries; what a function of it
   * writes is known by its rows alone.
   */
  private Future<Void> called(List<Assignment> all, Supplier<Future<Void>> run) {
    all.forEach(this::noteClock);
    session.state().settingsChanged();
    session.state().pin(COMPUTED);
    return run.get();
  }

  /** What no database knows is written in where it is read. */
  private Future<Bytes> written() {
    return statement.facts().systemVariables().contains(GlobalVariables.EVENT_SCHEDULER)
        ? new Substitution(session, statement)
            .text()
            .orElseGet(() -> Future.succeededFuture(statement.sql()))
        : Future.succeededFuture(statement.sql());
  }

  Future<Void> use(String schema) {
    return asked(statement.sql())
        .onSuccess(
            reply -> {
              if (answered(reply)) {
                session.state().schema(schema);
                session.state().settingsChanged();
              }
            })
        .mapEmpty();
  }

  /** SET autocommit = 1, which commits. */
  private static boolean beginsAutocommit(List<Assignment> all) {
    return all.stream()
        .anyMatch(
            one ->
                one.isSession("autocommit") && systemValue(one).filter(ON::contains).isPresent());
  }

  private static Optional<String> systemValue(Assignment one) {
    return one.fold(
        system -> Optional.of(value(system.value())),
        user -> Optional.empty(),
        names -> Optional.empty(),
        characterSet -> Optional.empty(),
        transaction -> Optional.empty(),
        role -> Optional.empty());
  }

  /** SET TRANSACTION ISOLATION LEVEL without SESSION. */
  private static Optional<Isolation> nextIsolation(Assignment one) {
    return one.fold(
        system ->
            system.scope() == Assignment.Scope.NEXT
                ? Isolation.of(value(system.value()).replace("'", "").replace("\"", ""))
                : Optional.empty(),
        user -> Optional.empty(),
        names -> Optional.empty(),
        characterSet -> Optional.empty(),
        transaction ->
            transaction.scope() == Assignment.Scope.NEXT
                ? level(transaction.characteristics())
                : Optional.empty(),
        role -> Optional.empty());
  }

  private static boolean isOfNextTransaction(Assignment one) {
    return scope(one) == Assignment.Scope.NEXT;
  }

  private static Assignment.Scope scope(Assignment one) {
    return one.fold(
        system -> system.scope(),
        user -> Assignment.Scope.SESSION,
        names -> Assignment.Scope.SESSION,
        characterSet -> Assignment.Scope.SESSION,
        transaction -> transaction.scope(),
        role -> Assignment.Scope.SESSION);
  }

  private static Optional<Isolation> level(String characteristics) {
    for (String part : characteristics.split(",", -1)) {
      String text = part.strip();
      if (text.startsWith("ISOLATION LEVEL")) {
        return Isolation.of(text.substring("ISOLATION LEVEL".length()));
      }
    }
    return Optional.empty();
  }

  private Optional<String> refusal(Assignment one) {
    return one.fold(
        this::refusal,
        user -> Optional.empty(),
        names -> readable(names.charset()),
        characterSet -> readable(characterSet.charset()),
        transaction -> Optional.empty(),
        role -> Optional.empty());
  }

  private Optional<String> refusal(Assignment.SystemVariable system) {
    if (OF_THE_BINARY_LOG.contains(system.name()) && !AS_IT_IS.contains(value(system.value()))) {
      return Optional.of("setting " + system.name() + "; captured rows are read from the log");
    }
    if (GIVEN_BY_THE_ORDER.contains(system.name()) && !value(system.value()).equals("1")) {
      return Optional.of("setting " + system.name() + "; the order gives the ids");
    }
    if (system.name().equals(FINDS_THE_LAST_ID) && !OFF.contains(value(system.value()))) {
      return Optional.of("setting " + system.name() + "; compare with LAST_INSERT_ID()");
    }
    // A transaction runs under another name at its database, which would be told to the client.
    return system.name().equals(TRACKS_TRANSACTIONS) && !OFF.contains(value(system.value()))
        ? Optional.of("tracking of transactions; the status flags tell whether one is open")
        : Optional.empty();
  }

  private static Optional<String> readable(String charset) {
    return Dialect.readable(charset)
        ? Optional.empty()
        : Optional.of("the client character set " + charset);
  }

  static String value(Bytes text) {
    return text.latin1().strip().toLowerCase(Locale.ROOT);
  }

  /** The backend stays read-only whatever the client asks; the gateway remembers the wish. */
  private Future<Void> mode(boolean readOnly, Assignment one) {
    session.access().set(readOnly, scope(one));
    Optional<String> isolation =
        one.fold(
            system -> Optional.empty(),
            user -> Optional.empty(),
            names -> Optional.empty(),
            characterSet -> Optional.empty(),
            transaction ->
                transaction.characteristics().contains("ISOLATION")
                    ? Optional.of(withoutMode(transaction.characteristics()))
                    : Optional.empty(),
            role -> Optional.empty());
    if (isolation.isEmpty()) {
      session.state().read();
      return session.ok(answer, 0);
    }
    String session = isOfNextTransaction(one) ? "SET TRANSACTION " : "SET SESSION TRANSACTION ";
    return forward(Bytes.ofLatin1(session + isolation.get()), List.of(one));
  }

  private static String withoutMode(String characteristics) {
    for (String part : characteristics.split(",", -1)) {
      if (part.contains("ISOLATION")) {
        return part.strip();
      }
    }
    return characteristics;
  }

  private Future<Void> forward(Bytes sql, List<Assignment> all) {
    boolean checks = all.stream().anyMatch(one -> one.isSession("unique_checks"));
    return asked(sql)
        .compose(
            reply -> {
              if (writes(reply)) {
                session.backend().rollback();
                return called(all, () -> new CapturedWriting(session, statement, answer).run());
              }
              if (!answered(reply)) {
                return Future.succeededFuture();
              }
              all.forEach(this::changeMode);
              remember(sql, all);
              return checks ? keysAreChecked() : Future.succeededFuture();
            });
  }

  private void changeMode(Assignment one) {
    ModeSetting.of(one).ifPresent(readOnly -> session.access().set(readOnly, scope(one)));
  }

  /** The database stopped a function that writes, and nothing of the statement happened. */
  private boolean writes(Reply reply) {
    return statement.facts().callsUnknownFunction()
        && !session.transaction().open()
        && reply.failure().filter(error -> error.code() == Backend.WRITE_REFUSED).isPresent();
  }

  /**
   * Without, InnoDB would lock a whole table for the first rows of it, and forget what a
   * transaction has inserted there when a later statement fails. The appliers check in any case. A
   * connection that is lost meanwhile is followed by one that hears it from the journal.
   */
  private Future<Void> keysAreChecked() {
    if (!session.state().journal().add(CHECKED)) {
      session.state().pin("too many settings");
    }
    return session.backend().query(CHECKED).transform(told -> Future.succeededFuture());
  }

  private boolean answered(Reply reply) {
    SessionState state = session.state();
    state.status(state.beside(Relay.status(reply, state.status())));
    answer.reply(told(reply, state));
    return reply.failure().isEmpty();
  }

  private Future<Reply> asked(Bytes sql) {
    session.state().read();
    session.tellInsertId();
    session.state().settingsChanged();
    return session.backend().query(sql);
  }

  private static Reply told(Reply reply, SessionState state) {
    return reply.fold(
        ok -> new Reply.Ok(ok.packet().withStatus(state.beside(ok.status()))),
        error -> error,
        results -> results);
  }

  /** So that another master can be told the same, if it would mean the same there. */
  private void remember(Bytes sql, List<Assignment> all) {
    Facts facts = statement.facts();
    boolean plain =
        facts.tables().isEmpty() && facts.calls().isEmpty() && facts.userVariablesRead().isEmpty();
    all.forEach(this::noteClock);
    if (all.stream().anyMatch(SettingChange::isOfNextTransaction)) {
      return;
    }
    if (InsertIds.givenBy(all)) {
      session.state().pin(SessionState.PIN_INSERT_ID);
    }
    if (!plain) {
      session.state().pin(COMPUTED);
    } else if (!session.state().journal().add(sql)) {
      session.state().pin("too many settings");
    }
  }

  private void noteClock(Assignment one) {
    if (one.isSession("timestamp")) {
      boolean back =
          one.fold(
              system -> Set.of("default", "0").contains(value(system.value())),
              user -> false,
              names -> false,
              characterSet -> false,
              transaction -> false,
              role -> false);
      session.state().ownTimestamp(!back);
    }
  }
}
