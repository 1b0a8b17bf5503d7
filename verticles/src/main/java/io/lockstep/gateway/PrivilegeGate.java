package io.lockstep.gateway;

import io.lockstep.gateway.grants.AccountRights;
import io.lockstep.gateway.grants.DefinitionRights;
import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.TableName;
import io.lockstep.mysql.BackendRefusedException;
import io.lockstep.sql.DefinitionEffects;
import io.lockstep.sql.SessionFacts;
import io.lockstep.sql.Shape;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Lets through only what the client's account may do itself, since appliers may do more: rows by
 * PREPARE on the client's own connection, which also finds wrong names; definitions and accounts,
 * which PREPARE does not check, by the account's own grants.
 */
final class PrivilegeGate {
  /** What one account was once allowed; literals make no difference. */
  private record Allowed(
      Account account, Optional<String> role, String schema, String sqlMode, Shape shape) {}

  /** ER_UNSUPPORTED_PS: the server cannot prepare it; its syntax was understood. */
  static final int NOT_PREPARABLE = 1295;

  private final RecentlyAllowed<Allowed> allowed = new RecentlyAllowed<>();

  /**
   * Fails with {@link ClientErrorException} and the server's own error.
   *
   * @return the text that may be ordered
   */
  Future<Bytes> check(Session session, Statement statement, SessionFacts facts) {
    if (statement.type() instanceof StatementClass.AccountChange) {
      return account(session, statement, facts);
    }
    if (statement.type() instanceof StatementClass.Definition definition) {
      return prepare(session, statement)
          .compose(prepared -> definition(session, statement, definition, facts));
    }
    String sqlMode = session.state().settings().map(SettingsSnapshot::sqlMode).orElse("");
    Allowed key =
        new Allowed(facts.account(), facts.role(), facts.schema(), sqlMode, statement.shape());
    if (allowed.contains(key, facts.definitions())) {
      return Future.succeededFuture(statement.sql());
    }
    return prepare(session, statement)
        .map(
            prepared -> {
              allowed.add(key, facts.definitions());
              return statement.sql();
            });
  }

  /** A statement that the client has just prepared itself. */
  void prepared(Session session, Statement statement, SessionFacts facts) {
    String sqlMode = session.state().settings().map(SettingsSnapshot::sqlMode).orElse("");
    allowed.add(
        new Allowed(facts.account(), facts.role(), facts.schema(), sqlMode, statement.shape()),
        facts.definitions());
  }

  private static Future<Void> prepare(Session session, Statement statement) {
    return new Preparing(session)
        .of(statement.sql())
        .<Void>map(
            prepared -> {
              session.backend().connection().closeStatement(prepared.statementId());
              return null;
            })
        .recover(
            cause -> {
              if (cause instanceof BackendRefusedException refused) {
                return refused.error().code() == NOT_PREPARABLE
                    ? Future.succeededFuture()
                    : Future.failedFuture(new ClientErrorException(refused.error()));
              }
              return Future.failedFuture(cause);
            });
  }

  private static Future<Bytes> definition(
      Session session,
      Statement statement,
      StatementClass.Definition definition,
      SessionFacts facts) {
    return triggered(session, statement, definition, facts)
        .compose(
            table ->
                new GrantsReading(session)
                    .grants()
                    .map(
                        grants ->
                            new DefinitionRights(grants, facts)
                                .missing(statement, definition, table)))
        .compose(
            missing ->
                missing
                    .<Future<Bytes>>map(PrivilegeGate::denied)
                    .orElseGet(() -> Future.succeededFuture(statement.sql())));
  }

  /** A trigger that is dropped is named without its table, whose privilege counts. */
  private static Future<Optional<TableName>> triggered(
      Session session,
      Statement statement,
      StatementClass.Definition definition,
      SessionFacts facts) {
    if (!definition.verb().equals("DROP TRIGGER")) {
      return Future.succeededFuture(Optional.empty());
    }
    return DefinitionEffects.of(statement.sql(), facts.schema(), statement.dialect())
        .objects()
        .stream()
        .findFirst()
        .map(trigger -> new TableName(trigger.schema(), trigger.name()))
        .map(name -> session.parts().catalogue().triggered(name, facts.definitions()))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  private static Future<Bytes> account(Session session, Statement statement, SessionFacts facts) {
    return new GrantsReading(session)
        .grants()
        .compose(
            grants -> {
              AccountRights rights = new AccountRights(grants, facts);
              return rights
                  .missing(statement)
                  .<Future<Bytes>>map(PrivilegeGate::denied)
                  .orElseGet(() -> Future.succeededFuture(rights.written(statement)));
            });
  }

  private static Future<Bytes> denied(MySqlError error) {
    return Future.failedFuture(new ClientErrorException(error));
  }
}
