package io.lockstep.gateway;

import io.lockstep.model.Setting;
import io.lockstep.sql.Facts;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a statement finds in its connection and may leave changed, though nothing of it has
 * happened: user variables and LAST_INSERT_ID(). It is given back before the statement is run
 * again. Lives on its session's context.
 */
final class StateBefore {
  /** Nothing is known, and nothing given back. */
  static final StateBefore NONE = new StateBefore(List.of(), Optional.empty());

  private final List<Setting> variables;
  private final Optional<String> insertId;

  private StateBefore(List<Setting> variables, Optional<String> insertId) {
    this.variables = variables;
    this.insertId = insertId;
  }

  /**
   * Reads it from the session's connection, which is asked only if there is something to ask for.
   *
   * @param programs what the programs mention that the statement calls
   */
  static Future<StateBefore> read(Session session, Statement statement, List<Facts> programs) {
    Set<String> names = assigned(statement, programs);
    boolean id =
        InsertIds.askedBy(statement.facts()) || programs.stream().anyMatch(InsertIds::askedBy);
    if (names.isEmpty() && !id) {
      return Future.succeededFuture(NONE);
    }
    return session
        .ready()
        .compose(
            settings -> {
              session.tellInsertId();
              Backend backend = session.backend();
              return UserVariables.read(backend, names)
                  .compose(
                      variables ->
                          (id
                                  ? InsertIds.at(backend)
                                  : Future.succeededFuture(Optional.<String>empty()))
                              .map(last -> new StateBefore(variables, last)));
            });
  }

  /** Of a program with more variables than can be read, those that its call names. */
  private static Set<String> assigned(Statement statement, List<Facts> programs) {
    boolean assigns =
        statement.type() instanceof StatementClass.Call
            || statement.type() instanceof StatementClass.Load
            || statement.facts().assignsUserVariables();
    Set<String> named = assigns ? statement.facts().userVariablesRead() : Set.of();
    Set<String> all = new HashSet<>(named);
    for (Facts program : programs) {
      all.addAll(program.userVariablesRead());
      all.addAll(program.userVariablesAssigned());
    }
    return all.size() <= UserVariables.READ_MAX ? all : named;
  }

  void giveBack(Backend backend) {
    if (!variables.isEmpty()) {
      backend.query(UserVariables.assignment(variables));
    }
    insertId.ifPresent(last -> backend.query("SET SESSION last_insert_id=" + last));
  }
}
