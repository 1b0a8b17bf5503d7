package io.lockstep.gateway;

import io.lockstep.bus.OneByOne;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.lockstep.model.Setting;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.model.WriteKind;
import io.lockstep.mysql.ProtocolException;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.Definers;
import io.lockstep.sql.Determinism;
import io.lockstep.sql.NamedSchemas;
import io.lockstep.sql.Reaches;
import io.lockstep.sql.SessionFacts;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.Verdict;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Turns a statement into a write that has the same effect on every node: checked for privileges and
 * errors as the client's own user, judged, its context pinned. Proposes nothing.
 *
 * <p>Everything is looked up in databases that have applied at least the changes of definitions and
 * privileges that this node knows, or has acknowledged to any client; a later change makes the
 * order refuse the write as stale.
 */
final class WritePlanner {
  /** What an applier may put before a statement. */
  private static final int APPLIER_BYTES = 4_096;

  private final GatewayPorts ports;
  private final Determinism determinism;
  private final PrivilegeGate gate;
  private final Supplier<Seq> defined;
  private final MasterProgress progress;
  private final StrongReads databases;
  private final WriteContext context;
  private final Reaches reaches;

  /**
   * @param defined the last change of definitions or privileges that some client here knows of
   */
  WritePlanner(
      GatewayPorts ports,
      Determinism determinism,
      PrivilegeGate gate,
      Supplier<Seq> defined,
      MasterProgress progress,
      StrongReads databases,
      WriteContext context,
      Reaches reaches) {
    this.reaches = reaches;
    this.ports = ports;
    this.determinism = determinism;
    this.gate = gate;
    this.defined = defined;
    this.progress = progress;
    this.databases = databases;
    this.context = context;
  }

  /**
   * Fails with {@link ClientErrorException} for what the client is to be told, and with {@link
   * RowsNeededException} for what can be ordered as rows alone.
   */
  Future<Write> plan(Session session, Statement statement, WriteId id) {
    return session
        .ready()
        .compose(
            settings ->
                position(defined.get()).compose(at -> plan(session, statement, id, settings, at)));
  }

  private Future<Write> plan(
      Session session, Statement statement, WriteId id, SettingsSnapshot settings, Position at) {
    SessionFacts facts = facts(settings, at);
    return databases
        .awaits(session::master, at.definitionsSeq())
        .compose(reached -> gate.check(session, statement, facts))
        .compose(allowed -> judged(statement, allowed, facts))
        .compose(
            verdict ->
                context
                    .of(session, settings, verdict)
                    .compose(pinned -> fits(settings, verdict, pinned))
                    .map(
                        pinned ->
                            new Write(
                                id,
                                kind(statement),
                                ports.self(),
                                session.mastership().node(),
                                settings.account(),
                                at.seq(),
                                List.of(step(statement, settings, verdict, pinned)),
                                session.foundRows())))
        .compose(write -> narrowed(write, statement, facts));
  }

  /** With the schemas that its analysis depends on: what happens to others is nothing to it. */
  private Future<Write> narrowed(Write write, Statement statement, SessionFacts facts) {
    if (statement.type() instanceof StatementClass.Dml) {
      return reaches
          .of(statement, facts.schema(), facts.definitions())
          .map(
              reach ->
                  reach.anything() ? write : write.within(schemas(reach.tables(), facts.schema())));
    }
    return Future.succeededFuture(
        write.kind() == WriteKind.DDL
            ? write.within(
                NamedSchemas.of(write.statement().sql(), facts.schema(), statement.dialect()))
            : write);
  }

  private static Set<String> schemas(Set<TableName> tables, String schema) {
    Set<String> schemas = new HashSet<>();
    tables.forEach(table -> schemas.add(NamedSchemas.lower(table.schema())));
    if (!schema.isEmpty()) {
      schemas.add(NamedSchemas.lower(schema));
    }
    return schemas;
  }

  /**
   * A step of an open transaction, which the client's own connection executes: so the server itself
   * checks privileges and names.
   *
   * @param at the position that the analysis holds for
   */
  record Planned(Step.Statement step, Position at) {}

  /** Fails as {@link #plan} does. */
  Future<Planned> step(Session session, Statement statement) {
    return session
        .ready()
        .compose(
            settings ->
                position(session)
                    .compose(
                        position ->
                            judged(statement, statement.sql(), facts(settings, position))
                                .compose(
                                    verdict ->
                                        context
                                            .of(session, settings, verdict)
                                            .compose(pinned -> fits(settings, verdict, pinned))
                                            .map(
                                                pinned ->
                                                    new Planned(
                                                        step(settings, verdict, pinned),
                                                        position)))));
  }

  /**
   * Where the analysis of a transaction's next statement holds: not before what its session has
   * done itself, or the definitions that it has just made would make the order refuse it; nor
   * before those that a client of this gateway has been told of.
   */
  Future<Position> position(Session session) {
    return position(later(session.state().seen(), defined.get()));
  }

  /** The same for what its master executes at once, with the privileges that it knows then. */
  Future<Position> positionOfMaster(Session session) {
    return position(session)
        .compose(
            at ->
                databases
                    .awaits(session::master, later(at.definitionsSeq(), defined.get()))
                    .map(at));
  }

  private static Seq later(Seq one, Seq other) {
    return one.isAfter(other) ? one : other;
  }

  private Future<Position> position(Seq least) {
    Position now = ports.position().get();
    return now.seq().isBefore(least)
        ? progress
            .reached(ports.self(), least)
            .transform(reached -> Future.succeededFuture(ports.position().get()))
        : Future.succeededFuture(now);
  }

  /** The database would let the client's own account do this; fails with what it says if not. */
  Future<SessionFacts> allowed(Session session, Statement statement) {
    return session
        .ready()
        .compose(
            settings ->
                position(session)
                    .compose(
                        at -> {
                          SessionFacts facts = facts(settings, at);
                          return databases
                              .awaits(session::master, at.definitionsSeq())
                              .compose(reached -> gate.check(session, statement, facts))
                              .map(facts);
                        }));
  }

  /** Whether steps that were analysed earlier would be given the same form at this position. */
  Future<Boolean> stillHold(Session session, List<Step> steps, Position at) {
    return session
        .ready()
        .compose(
            settings ->
                databases
                    .awaits(session::master, at.definitionsSeq())
                    .compose(reached -> stillHold(settings, steps, at)));
  }

  private Future<Boolean> stillHold(SettingsSnapshot settings, List<Step> steps, Position at) {
    Iterator<Step.Statement> each =
        steps.stream()
            .filter(Step.Statement.class::isInstance)
            .map(Step.Statement.class::cast)
            .iterator();
    return OneByOne.all(each::hasNext, () -> stillHolds(settings, each.next(), at));
  }

  /** What a read finds is compared anyway, and rows are what they are. */
  private Future<Boolean> stillHolds(SettingsSnapshot settings, Step.Statement step, Position at) {
    Statement statement = Classifier.read(step.sql(), settings.dialect());
    if (!mode(step.context()).equals(mode(settings.context()))) {
      return Future.succeededFuture(false);
    }
    if (!(statement.type() instanceof StatementClass.Dml dml)) {
      return Future.succeededFuture(true);
    }
    SessionFacts facts =
        new SessionFacts(
            step.schema(),
            settings.account(),
            settings.user(),
            settings.role(),
            at.definitionsSeq());
    return determinism
        .dml(statement, dml, facts)
        .map(
            verdict ->
                verdict.<Boolean>fold(
                    ordered -> ordered.ids().equals(step.ids()), rows -> false, refused -> false));
  }

  private static List<Setting> mode(List<Setting> context) {
    return context.stream().filter(setting -> setting.name().equals("sql_mode")).toList();
  }

  private static Step.Statement step(
      SettingsSnapshot settings, Verdict.Ordered verdict, List<Setting> pinned) {
    return new Step.Statement(settings.schema(), pinned, verdict.sql(), verdict.ids());
  }

  /** Of a schema itself: the session's own, which may be gone, does not matter. */
  private static Step.Statement step(
      Statement statement,
      SettingsSnapshot settings,
      Verdict.Ordered verdict,
      List<Setting> pinned) {
    boolean ofSchema =
        statement.type() instanceof StatementClass.Definition definition
            && definition.verb().endsWith(" DATABASE")
            && !definition.verb().startsWith("ALTER");
    return ofSchema
        ? new Step.Statement("", pinned, verdict.sql(), verdict.ids())
        : step(settings, verdict, pinned);
  }

  /** The context of a read of an open transaction that has needs of its own. */
  Future<List<Setting>> context(Session session, Verdict.Ordered verdict) {
    return session.ready().compose(settings -> context.of(session, settings, verdict));
  }

  private static SessionFacts facts(SettingsSnapshot settings, Position position) {
    return new SessionFacts(
        settings.schema(),
        settings.account(),
        settings.user(),
        settings.role(),
        position.definitionsSeq());
  }

  /** What the databases would not take must never enter the order: no node could apply it. */
  private static Future<List<Setting>> fits(
      SettingsSnapshot settings, Verdict.Ordered verdict, List<Setting> pinned) {
    long bytes = (long) verdict.sql().length() + APPLIER_BYTES;
    for (Setting setting : pinned) {
      bytes += setting.name().length() + setting.literal().length();
    }
    return bytes < Math.min(settings.packetBytesMax(), Write.BYTES_MAX)
        ? Future.succeededFuture(pinned)
        : Future.failedFuture(new ClientErrorException(ProtocolException.tooLarge().error()));
  }

  private static WriteKind kind(Statement statement) {
    return statement.type() instanceof StatementClass.Dml
        ? WriteKind.DML
        : statement.type() instanceof StatementClass.AccountChange
                || statement.type() instanceof StatementClass.SessionSetting
            ? WriteKind.ACCOUNT
            : WriteKind.DDL;
  }

  private Future<Verdict.Ordered> judged(Statement statement, Bytes allowed, SessionFacts facts) {
    if (statement.type() instanceof StatementClass.Dml dml) {
      return determinism
          .dml(statement, dml, facts)
          .compose(
              verdict ->
                  verdict.fold(
                      Future::succeededFuture,
                      rows -> Future.failedFuture(new RowsNeededException(rows.reason())),
                      refused -> refused(refused.reason())));
    }
    if (statement.type() instanceof StatementClass.Definition) {
      Bytes sql = Definers.withDefiner(statement, facts.account());
      Statement defined = Classifier.readOne(sql, statement.dialect());
      return defined.type() instanceof StatementClass.Definition rewritten
          ? determinism.definition(defined, rewritten, facts).compose(WritePlanner::ordered)
          : refused("a definition whose definer cannot be written in");
    }
    return Future.succeededFuture(
        new Verdict.Ordered(Set.of(), Set.of(), allowed, Optional.empty()));
  }

  private static Future<Verdict.Ordered> ordered(Verdict verdict) {
    return verdict.fold(
        Future::succeededFuture,
        rows -> refused(rows.reason() + " (its rows would have to be captured)"),
        refused -> refused(refused.reason()));
  }

  private static Future<Verdict.Ordered> refused(String reason) {
    return Future.failedFuture(new ClientErrorException(MySqlError.notSupported(reason)));
  }
}
