package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.mysql.Reply;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.DefinedObject;
import io.lockstep.sql.DefinitionEffects;
import io.lockstep.sql.Facts;
import io.lockstep.sql.FactsReader;
import io.lockstep.sql.Reach;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.TableRef;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The temporary tables of one session. They live at its master only and are no part of the order;
 * the session cannot move while it has any.
 */
final class TemporaryTables {
  /** As many as one session may have. */
  static final int TABLES_MAX = 1_000;

  /** It would write at one node alone: these statements are no part of the order. */
  private static final MySqlError CALLS =
      MySqlError.notSupported(
          "views that call stored functions or sequences in statements that write temporary tables");

  private static final String PIN = "it has temporary tables";

  private final Set<TableName> tables = new HashSet<>();

  /** Whether a DML statement names one of them. */
  boolean touches(Statement statement, String schema) {
    return !tables.isEmpty()
        && statement.facts().tables().stream().anyMatch(table -> isTemporary(table, schema));
  }

  boolean has(TableRef table, String schema) {
    return isTemporary(table, schema);
  }

  /** Whether a definition names one of them. */
  boolean touchedByDefinition(Statement statement, String schema) {
    return !tables.isEmpty()
        && DefinitionEffects.of(statement.sql(), schema, statement.dialect()).objects().stream()
            .filter(object -> object.type() == DefinedObject.Type.TABLE)
            .anyMatch(object -> tables.contains(name(object, schema)));
  }

  Set<TableName> names() {
    return Set.copyOf(tables);
  }

  /** A stored program has left these. */
  void left(Session session, Set<TableName> made) {
    made.stream().limit(Math.max(0, TABLES_MAX - tables.size())).forEach(tables::add);
    pin(session);
  }

  void clear() {
    tables.clear();
  }

  /** CREATE, ALTER or DROP TEMPORARY TABLE. */
  Future<Void> change(
      Session session, Statement statement, StatementClass.TemporaryTable change, Answer answer) {
    if (statement.facts().callsUnknownFunction()) {
      return session.refuse(
          answer, MySqlError.notSupported("stored functions in temporary table definitions"));
    }
    if (tables.size() + change.tables().size() > TABLES_MAX) {
      return session.refuse(
          answer, MySqlError.notSupported("more than " + TABLES_MAX + " temporary tables"));
    }
    String schema = session.state().schema();
    List<TableName> named =
        change.tables().stream().flatMap(table -> table.in(schema).stream()).toList();
    if (tables.isEmpty() && !session.transaction().open()) {
      // It cannot go there any more when it has one.
      session.joinTransactions();
    }
    return session
        .ready()
        .compose(settings -> filled(session, statement))
        .compose(
            calls ->
                calls
                    ? session.refuse(answer, CALLS).map(refused -> false)
                    : local(session, statement.sql(), answer))
        .onSuccess(
            accepted -> {
              if (accepted && change.verb().equals("DROP")) {
                named.forEach(tables::remove);
              } else if (accepted && change.verb().equals("CREATE")) {
                named.stream().limit(1).forEach(tables::add);
              }
              pin(session);
            })
        .mapEmpty();
  }

  /** Whether it is filled from a view that calls what it may not. */
  private static Future<Boolean> filled(Session session, Statement statement) {
    Tokens tokens = statement.tokens();
    for (int i = 2; i < tokens.count(); i++) {
      if (tokens.is(i, "SELECT")) {
        Facts query = FactsReader.read(tokens, i, tokens.count());
        return session.parts().callsBehindViews(session, query);
      }
    }
    return Future.succeededFuture(false);
  }

  /**
   * A write that names a temporary table: at the master alone, if it writes nothing else; as rows,
   * if it only reads them.
   */
  Future<Void> write(Session session, Statement statement, StatementClass.Dml dml, Answer answer) {
    String schema = session.state().schema();
    boolean writesOnlyTemporary =
        dml.shape().targets().stream()
            .allMatch(table -> table.in(schema).filter(tables::contains).isPresent());
    boolean understood = !statement.unparsed() && !dml.shape().targets().isEmpty();
    if (understood && dml.shape().targets().stream().noneMatch(to -> isTemporary(to, schema))) {
      return session.transaction().open()
          ? new TransactionWriting(session, statement, answer).captured()
          : new CapturedWriting(session, statement, answer).run();
    }
    if (!understood || !writesOnlyTemporary || statement.facts().callsUnknownFunction()) {
      return session.refuse(
          answer, MySqlError.notSupported("writing temporary and other tables at once"));
    }
    return session
        .ready()
        .compose(
            settings ->
                session.transaction().journals()
                    ? inTransaction(session, statement, dml, answer)
                    : protectedly(session, statement, answer));
  }

  /**
   * The database refuses it every other table, as it does on any connection of a session (invariant
   * I5): what a function behind a view would write, it would write at one node.
   */
  private static Future<Void> protectedly(Session session, Statement statement, Answer answer) {
    session.state().read();
    session.tellInsertId();
    return session
        .backend()
        .query(statement.sql())
        .compose(
            reply -> {
              boolean writes =
                  reply
                      .failure()
                      .filter(error -> error.code() == Backend.WRITE_REFUSED)
                      .isPresent();
              if (writes && !session.transaction().readOnly()) {
                session.backend().rollback();
                return session.refuse(answer, CALLS);
              }
              accepted(session, reply, answer);
              return Future.succeededFuture();
            });
  }

  /** Its rows go when the branch is rolled back: they are written again when it was committed. */
  private Future<Void> inTransaction(
      Session session, Statement statement, StatementClass.Dml dml, Answer answer) {
    if (!session.transaction().journal().hasRoomFor(statement.sql().length())) {
      return session.refuse(answer, TransactionWriting.tooMuch());
    }
    return session
        .parts()
        .callsBehindViews(session, statement.facts())
        .compose(
            calls ->
                calls
                    ? session.refuse(answer, CALLS)
                    : session
                        .transaction()
                        .writes()
                        .compose(writable -> session.ready())
                        .compose(settings -> inBranch(session, settings, statement, answer))
                        .onSuccess(done -> changes(session, statement, dml)));
  }

  private void changes(Session session, Statement statement, StatementClass.Dml dml) {
    String schema = session.state().schema();
    TemporaryChanges changes = session.transaction().journal().temporary();
    Set<TableName> targets = new HashSet<>();
    dml.shape().targets().forEach(table -> table.in(schema).ifPresent(targets::add));
    if (TemporaryChanges.repeatable(statement.facts(), table -> isTemporary(table, schema))) {
      changes.repeatably(targets);
    } else {
      changes.once(targets);
    }
  }

  private static Future<Void> inBranch(
      Session session, SettingsSnapshot settings, Statement statement, Answer answer) {
    return new TransactionStatement(
            session,
            answer,
            backend -> Future.succeededFuture(Backend.textCommand(statement.sql())))
        .run(
            new TransactionStatement.Kept(
                Journal.Kind.LOCAL,
                Optional.of(
                    new Step.Statement(
                        settings.schema(), settings.context(), statement.sql(), Optional.empty())),
                Reach.NONE,
                OptionalLong.empty(),
                false,
                true));
  }

  /**
   * DROP TABLE of temporary tables alone means DROP TEMPORARY TABLE. No transaction is open: what
   * changes one has committed, as on one server. A temporary table keeps its name.
   */
  Future<Void> define(Session session, Statement statement, Answer answer) {
    Tokens tokens = statement.tokens();
    String schema = session.state().schema();
    List<TableName> named =
        DefinitionEffects.of(statement.sql(), schema, statement.dialect()).objects().stream()
            .filter(object -> object.type() == DefinedObject.Type.TABLE)
            .map(object -> name(object, schema))
            .toList();
    boolean drops = tokens.is(0, "DROP") && tokens.isAny(1, "TABLE", "TABLES");
    if (drops && !tables.containsAll(named)) {
      return dropBoth(session, statement, answer);
    }
    if (!drops && named.size() == 1 && changes(tokens)) {
      return session
          .ready()
          .compose(settings -> alone(session, statement.sql(), answer))
          .mapEmpty();
    }
    if (!drops) {
      return session.refuse(
          answer,
          MySqlError.notSupported("this definition of a temporary table without that word"));
    }
    String text = statement.sql().latin1();
    Bytes sql =
        Bytes.ofLatin1(
            text.substring(0, tokens.end(0)) + " TEMPORARY" + text.substring(tokens.end(0)));
    return session
        .ready()
        .compose(settings -> alone(session, sql, answer))
        .onSuccess(
            accepted -> {
              if (accepted) {
                named.forEach(tables::remove);
                pin(session);
              }
            })
        .mapEmpty();
  }

  private static boolean changes(Tokens tokens) {
    return tokens.is(0, "TRUNCATE")
        || (tokens.is(0, "ALTER") && tokens.is(1, "TABLE"))
        || (tokens.isAny(0, "CREATE", "DROP")
            && (tokens.isAny(1, "INDEX", "UNIQUE", "FULLTEXT", "SPATIAL")));
  }

  /** The temporary ones at the master, then the others in order. */
  private Future<Void> dropBoth(Session session, Statement statement, Answer answer) {
    Tokens tokens = statement.tokens();
    String schema = session.state().schema();
    int first = tokens.is(2, "IF") ? 4 : 2;
    List<String> here = new ArrayList<>();
    List<String> everywhere = new ArrayList<>();
    List<TableName> gone = new ArrayList<>();
    for (int i = first; i < tokens.count(); i += 2) {
      int last = tokens.isSymbol(i + 1, '.') ? i + 2 : i;
      Optional<String> owner = last > i ? Optional.of(tokens.name(i)) : Optional.empty();
      Optional<TableName> name = new TableRef(owner, tokens.name(last), true).in(schema);
      boolean temporary = name.filter(tables::contains).isPresent();
      (temporary ? here : everywhere).add(tokens.textOf(i, last + 1).latin1());
      name.filter(one -> temporary).ifPresent(gone::add);
      if (!tokens.isSymbol(last + 1, ',')) {
        break;
      }
      i = last;
    }
    String words = tokens.textOf(1, first).latin1() + " ";
    Bytes others = Bytes.ofLatin1("DROP " + words + String.join(",", everywhere));
    return session
        .ready()
        .compose(
            settings ->
                session
                    .backend()
                    .unprotected(
                        Bytes.ofLatin1("DROP TEMPORARY " + words + String.join(",", here))))
        .compose(
            dropped -> {
              gone.forEach(tables::remove);
              pin(session);
              return session.run(Classifier.readOne(others, statement.dialect()), answer);
            });
  }

  private static Future<Reply> unprotected(Session session, Bytes sql) {
    session.tellInsertId();
    return session.backend().unprotected(sql);
  }

  private static Future<Boolean> alone(Session session, Bytes sql, Answer answer) {
    session.state().read();
    return unprotected(session, sql).map(reply -> accepted(session, reply, answer));
  }

  private static boolean accepted(Session session, Reply reply, Answer answer) {
    session.state().status(Relay.status(reply, session.state().status()));
    answer.reply(reply);
    return reply.failure().isEmpty();
  }

  private void pin(Session session) {
    if (tables.isEmpty()) {
      session.state().unpin(PIN);
    } else {
      session.state().pin(PIN);
    }
  }

  private Future<Boolean> local(Session session, Bytes sql, Answer answer) {
    if (!session.transaction().journals()) {
      return alone(session, sql, answer);
    }
    session.state().read();
    return session
        .transaction()
        .writes()
        .compose(
            writable ->
                session.transaction().inside(BranchUse.SNAPSHOT, backend -> backend.query(sql)))
        .map(reply -> accepted(session, reply, answer));
  }

  private boolean isTemporary(TableRef table, String schema) {
    Optional<TableName> name = table.in(schema);
    return name.isPresent() && tables.contains(name.get());
  }

  private static TableName name(DefinedObject object, String schema) {
    String owner = object.schema().isEmpty() ? schema : object.schema();
    return new TableName(owner.isEmpty() ? "?" : owner, object.name());
  }
}
