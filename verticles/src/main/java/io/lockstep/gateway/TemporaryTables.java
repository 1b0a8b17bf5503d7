package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.mysql.Reply;
import io.lockstep.sql.DefinedObject;
import io.lockstep.sql.DefinitionEffects;
import io.lockstep.sql.Reach;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.TableRef;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;
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
    return local(session, statement.sql(), answer)
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

  /** A write that names a temporary table: at the master alone, if it writes nothing else. */
  Future<Void> write(Session session, Statement statement, StatementClass.Dml dml, Answer answer) {
    String schema = session.state().schema();
    boolean writesOnlyTemporary =
        dml.shape().targets().stream()
            .allMatch(table -> table.in(schema).filter(tables::contains).isPresent());
    boolean understood = !statement.unparsed() && !dml.shape().targets().isEmpty();
    if (!understood || !writesOnlyTemporary || statement.facts().callsUnknownFunction()) {
      return session.refuse(
          answer, MySqlError.notSupported("writing tables from temporary tables"));
    }
    if (session.transaction().journals()) {
      return inTransaction(session, statement, answer);
    }
    return local(session, statement.sql(), answer).mapEmpty();
  }

  /** Its rows go when the branch is rolled back: they are written again when it was committed. */
  private static Future<Void> inTransaction(Session session, Statement statement, Answer answer) {
    if (!session.transaction().journal().hasRoomFor(statement.sql().length())) {
      return session.refuse(answer, TransactionWriting.tooMuch());
    }
    return session
        .transaction()
        .writes()
        .compose(writable -> session.ready())
        .compose(
            settings ->
                new TransactionStatement(
                        session,
                        answer,
                        backend -> Future.succeededFuture(Backend.textCommand(statement.sql())))
                    .run(
                        new TransactionStatement.Kept(
                            Journal.Kind.LOCAL,
                            Optional.of(
                                new Step.Statement(
                                    settings.schema(),
                                    settings.context(),
                                    statement.sql(),
                                    Optional.empty())),
                            Reach.NONE,
                            OptionalLong.empty(),
                            false,
                            true)));
  }

  /** DROP TABLE of temporary tables alone means DROP TEMPORARY TABLE; other forms are refused. */
  Future<Void> define(Session session, Statement statement, Answer answer) {
    Tokens tokens = statement.tokens();
    String schema = session.state().schema();
    List<TableName> named =
        DefinitionEffects.of(statement.sql(), schema, statement.dialect()).objects().stream()
            .map(object -> name(object, schema))
            .toList();
    if (!tokens.is(0, "DROP")
        || !tokens.isAny(1, "TABLE", "TABLES")
        || !tables.containsAll(named)) {
      return session.refuse(
          answer,
          MySqlError.notSupported(
              "definitions of temporary tables without the word TEMPORARY, or of both kinds"));
    }
    String text = statement.sql().latin1();
    Bytes sql =
        Bytes.ofLatin1(
            text.substring(0, tokens.end(0)) + " TEMPORARY" + text.substring(tokens.end(0)));
    return local(session, sql, answer)
        .onSuccess(
            accepted -> {
              if (accepted) {
                named.forEach(tables::remove);
                pin(session);
              }
            })
        .mapEmpty();
  }

  private void pin(Session session) {
    if (tables.isEmpty()) {
      session.state().unpin(PIN);
    } else {
      session.state().pin(PIN);
    }
  }

  private Future<Boolean> local(Session session, Bytes sql, Answer answer) {
    session.state().read();
    Future<Reply> ran =
        session.transaction().journals()
            ? session
                .transaction()
                .writes()
                .compose(writable -> session.transaction().inside(backend -> backend.query(sql)))
            : session.backend().unprotected(sql);
    return ran.map(
        reply -> {
          session.state().status(Relay.status(reply, session.state().status()));
          answer.reply(reply);
          return reply.failure().isEmpty();
        });
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
