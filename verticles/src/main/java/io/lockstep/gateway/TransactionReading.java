package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.OwnSettings;
import io.lockstep.model.Setting;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.sql.Facts;
import io.lockstep.sql.FunctionKind;
import io.lockstep.sql.Reach;
import io.lockstep.sql.Reaches;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.Tokens;
import io.lockstep.sql.Verdict;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs a read inside the session's open transaction and keeps what the client saw of it: a locking
 * read and a read of what the transaction has written or locked are compared when it commits, every
 * other read when it has to be run again elsewhere.
 */
final class TransactionReading {
  /** Values that only this execution knows; what reads them cannot be compared. */
  private static final Set<FunctionKind> NOT_REPEATABLE =
      EnumSet.of(
          FunctionKind.USER,
          FunctionKind.CURRENT_USER,
          FunctionKind.CURRENT_ROLE,
          FunctionKind.UUID,
          FunctionKind.USER_LOCK,
          FunctionKind.UNPINNED);

  /** Values that can be pinned. */
  private static final Map<FunctionKind, Verdict.Need> NEEDS =
      Map.of(
          FunctionKind.TIME, Verdict.Need.TIME,
          FunctionKind.RAND, Verdict.Need.RAND,
          FunctionKind.LAST_INSERT_ID, Verdict.Need.LAST_INSERT_ID,
          FunctionKind.CONNECTION_ID, Verdict.Need.CONNECTION_ID);

  private static final MySqlError NOT_COMPARABLE =
      MySqlError.notSupported(
          "USER(), UUID() and their like, NOWAIT in a subquery, or parameters sent in pieces, in a"
              + " read that is compared when the transaction commits; use a statement of its own");

  private static final Pattern IMPATIENT =
      Pattern.compile(
          "\\s+(SKIP\\s+LOCKED|NOWAIT|WAIT\\s+\\d+)\\s*;?\\s*$", Pattern.CASE_INSENSITIVE);

  private final Session session;
  private final SessionTransaction transaction;
  private final Statement statement;
  private final Answer answer;

  /** That it names itself. */
  private final Set<TableName> tables;

  TransactionReading(Session session, Statement statement, Answer answer) {
    this.session = session;
    this.transaction = session.transaction();
    this.statement = statement;
    this.answer = answer;
    this.tables = Reaches.named(statement, session.state().schema());
  }

  /** As text. */
  Future<Void> run() {
    if (statement.facts().callsUnknownFunction()) {
      return new TransactionWriting(session, statement, answer).captured();
    }
    return reach()
        .compose(
            reach ->
                reach.anything()
                    ? new TransactionWriting(session, statement, answer).captured()
                    : step(statement.sql(), reach)
                        .compose(step -> execute(step, reach, false, execution(step))));
  }

  private TransactionStatement execution(Optional<Step.Statement> step) {
    TransactionStatement execution = new TransactionStatement(session, answer, text(step));
    return step.filter(one -> locks() && !isImpatient(statement))
        .map(one -> OwnSettings.textWithoutWaiting(asSent(one), OptionalLong.empty()))
        .map(Backend::textCommand)
        .map(sql -> execution.orWithoutWaiting(backend -> Future.succeededFuture(sql.copy())))
        .orElse(execution);
  }

  private Step.Statement asSent(Step.Statement step) {
    return step.withSql(statement.sql());
  }

  private Function<Backend, Future<Buffer>> text(Optional<Step.Statement> step) {
    return backend ->
        Future.succeededFuture(
            Backend.textCommand(
                step.map(one -> OwnSettings.textForAnyone(asSent(one), OptionalLong.empty()))
                    .orElse(statement.sql())));
  }

  /**
   * In the binary protocol.
   *
   * @param bound the text with its parameters written in; empty if they are not known here
   */
  Future<Void> run(Optional<Bytes> bound, Function<Backend, Future<Buffer>> command) {
    if (statement.facts().callsUnknownFunction()) {
      return new TransactionWriting(session, statement, answer).captured(command);
    }
    return reach()
        .compose(
            reach ->
                reach.anything()
                    ? new TransactionWriting(session, statement, answer).captured(command)
                    : bound
                        .map(sql -> step(sql, reach))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty()))
                        .compose(
                            step ->
                                execute(
                                    step,
                                    reach,
                                    true,
                                    new TransactionStatement(
                                        session, answer, clocked(step, command)))));
  }

  /** What it reads; behind a view there may be a function, of whose writes the rows are needed. */
  private Future<Reach> reach() {
    Future<Void> allowed = locks() ? transaction.writes() : Future.succeededFuture();
    return allowed.compose(
        writable ->
            transaction.inside(
                use(),
                entered ->
                    locks()
                            || transaction.level() == Isolation.SERIALIZABLE
                            || transaction.journal().touches()
                        ? session.parts().reach(session, statement)
                        : session.parts().reachOfRead(session, statement, tables)));
  }

  private BranchUse use() {
    return locks() ? BranchUse.LATEST : BranchUse.SNAPSHOT;
  }

  private boolean locks() {
    return statement.type() instanceof StatementClass.Read read && read.locking();
  }

  /** The time that the statement is pinned to holds for the binary execution too. */
  private static Function<Backend, Future<Buffer>> clocked(
      Optional<Step.Statement> step, Function<Backend, Future<Buffer>> command) {
    Optional<Setting> clock =
        step.flatMap(
            one ->
                one.context().stream()
                    .filter(setting -> setting.name().equals("timestamp"))
                    .findFirst());
    return clock.isEmpty()
        ? command
        : backend ->
            command
                .apply(backend)
                .onSuccess(sent -> backend.query("SET timestamp=" + clock.get().literal()));
  }

  private Future<Void> execute(
      Optional<Step.Statement> step, Reach reach, boolean binary, TransactionStatement execution) {
    if (step.isEmpty() && mustBeCompared(reach)) {
      return session.refuse(answer, NOT_COMPARABLE);
    }
    if (reach.tables().size() == 1 && locksItsRowsAlone()) {
      execution.lockingItsRowsAlone();
    }
    return execution
        .run(
            new TransactionStatement.Kept(
                locks() ? Journal.Kind.LOCKING_READ : Journal.Kind.READ,
                step,
                reach,
                OptionalLong.empty(),
                binary,
                true))
        .onComplete(
            done -> {
              boolean pinnedClock =
                  binary
                      && step.stream()
                          .flatMap(one -> one.context().stream())
                          .anyMatch(setting -> setting.name().equals("timestamp"));
              if (pinnedClock && !session.state().ownTimestamp()) {
                session
                    .mastership()
                    .current()
                    .ifPresent(open -> open.query("SET timestamp=DEFAULT"));
              }
            });
  }

  /**
   * Whether rows of its only table that it does not return are locked by nobody either where no
   * snapshot is kept: the server frees what does not match (MariaDB Knowledge Base, READ
   * COMMITTED). What is grouped or skipped it has locked.
   */
  private boolean locksItsRowsAlone() {
    Tokens tokens = statement.tokens();
    boolean alone = locks();
    for (int i = 1; i < tokens.count(); i++) {
      boolean skips = tokens.is(i, "LIMIT") && tokens.isSymbol(i + 2, ',');
      alone &= !skips && !tokens.isAny(i, "SELECT", "HAVING", "OFFSET");
    }
    return alone;
  }

  private boolean mustBeCompared(Reach reach) {
    return !reach.isNone()
        && !readsTemporary()
        && (locks() || transaction.journal().compares(reach, transaction.comparesReads()));
  }

  /** The rows of a temporary table are this session's alone: there is nothing to compare. */
  private boolean readsTemporary() {
    return session.temporary().touches(statement, session.state().schema())
        || tables.stream().anyMatch(transaction.journal().temporary().carried()::contains);
  }

  /** Empty for what reads no table, or what nobody could repeat. */
  private Future<Optional<Step.Statement>> step(Bytes sql, Reach reach) {
    Facts facts = statement.facts();
    Bytes text = waiting(sql);
    if (text.length() == 0
        || readsTemporary()
        || tables.isEmpty()
        || NOT_REPEATABLE.stream()
            .anyMatch(kind -> facts.calls(kind) || reach.calls().contains(kind))) {
      return Future.succeededFuture(Optional.empty());
    }
    EnumSet<Verdict.Need> needs = EnumSet.noneOf(Verdict.Need.class);
    NEEDS.forEach(
        (kind, need) -> {
          if (facts.calls(kind) || reach.calls().contains(kind)) {
            needs.add(need);
          }
        });
    if (needs.isEmpty() && facts.userVariablesRead().isEmpty()) {
      return session.ready().map(settings -> Optional.of(step(text, settings, settings.context())));
    }
    Verdict.Ordered verdict =
        new Verdict.Ordered(needs, facts.userVariablesRead(), text, Optional.empty());
    return transaction.inside(
        use(),
        backend ->
            session
                .ready()
                .compose(
                    settings ->
                        session
                            .parts()
                            .planner()
                            .context(session, verdict)
                            .map(context -> Optional.of(step(text, settings, context)))));
  }

  /**
   * Which rows are locked, and by whom, differs between nodes: when it is repeated it waits. Empty
   * where the words stand elsewhere than at the end.
   */
  private Bytes waiting(Bytes sql) {
    if (!isImpatient(statement)) {
      return sql;
    }
    Matcher impatient = IMPATIENT.matcher(sql.latin1());
    return impatient.find() ? Bytes.ofLatin1(impatient.replaceFirst("")) : Bytes.EMPTY;
  }

  /** Whether it says what to do about locks of others: SKIP LOCKED, NOWAIT, WAIT n. */
  private static boolean isImpatient(Statement statement) {
    Tokens tokens = statement.tokens();
    for (int i = 1; i < tokens.count(); i++) {
      boolean afterClause = tokens.isAny(i - 1, "UPDATE", "MODE", "SHARE");
      if (afterClause && tokens.isAny(i, "NOWAIT", "SKIP", "WAIT")) {
        return true;
      }
    }
    return false;
  }

  private static Step.Statement step(Bytes text, SettingsSnapshot settings, List<Setting> context) {
    return new Step.Statement(
        settings.schema(), settings.contextOfRead(context), text, Optional.empty());
  }
}
