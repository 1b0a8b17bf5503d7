package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.BackendRefusedException;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.LikedTable;
import io.lockstep.sql.Statement;
import io.vertx.core.Future;

/**
 * Writes out what CREATE TABLE … LIKE means where the table has partitions: such a table is of the
 * server's partition engine first, and a database whose tables must be InnoDB refuses to copy it.
 */
final class TableLike {
  private static final String PARTITIONS = "\n PARTITION BY ";

  private final Session session;
  private final Statement statement;
  private final LikedTable table;

  TableLike(Session session, Statement statement, LikedTable table) {
    this.session = session;
    this.statement = statement;
    this.table = table;
  }

  /** The statement to run: itself, where there are no partitions or the server objects to it. */
  Future<Statement> written() {
    return session
        .ready()
        .compose(settings -> session.backend().prepareWrite(statement.sql()))
        .compose(
            prepared -> {
              session.backend().connection().closeStatement(prepared.statementId());
              String question = "SHOW CREATE TABLE " + table.source();
              return TextRows.query(session.backend().connection(), Bytes.ofLatin1(question));
            })
        .map(this::like)
        .recover(
            cause ->
                cause instanceof BackendRefusedException
                    ? Future.succeededFuture(statement)
                    : Future.failedFuture(cause));
  }

  private Statement like(TextRows shown) {
    String definition = TableFromQuery.definition(shown);
    return definition.contains(PARTITIONS)
        ? Classifier.readOne(Bytes.ofLatin1(table.head() + " " + definition), statement.dialect())
        : statement;
  }
}
