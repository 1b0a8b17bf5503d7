package io.lockstep.applier.mariadb;

import io.lockstep.applier.ContextDialect;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.DefinitionEffects;
import io.lockstep.sql.RowFilling;
import io.lockstep.sql.Statement;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * Refuses an ALTER TABLE that would give existing rows what differs between nodes, where there are
 * rows at its place in the order. All nodes have the same ones then, so all decide alike.
 */
final class ForNoRows {
  private final Link link;

  /**
   * @param link a connection without the settings of any write, which sees all that is committed
   */
  ForNoRows(Link link) {
    this.link = link;
  }

  /** The error in its place; nothing where it may run, or the server has an error of its own. */
  Future<Optional<MySqlError>> refusal(Write write) {
    Statement statement =
        Classifier.read(write.statement().sql(), ContextDialect.of(write.statement()));
    if (!RowFilling.isBy(statement)) {
      return Future.succeededFuture(Optional.empty());
    }
    RowFilling filling = new RowFilling(statement);
    Optional<TableName> table =
        DefinitionEffects.of(
                statement.sql(), write.statement().schema(), ContextDialect.of(write.statement()))
            .objects()
            .stream()
            .filter(object -> !object.schema().isEmpty())
            .map(object -> new TableName(object.schema(), object.name()))
            .findFirst();
    return filling.differing(false).isEmpty() || table.isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : refusal(table.get(), filling);
  }

  private Future<Optional<MySqlError>> refusal(TableName table, RowFilling filling) {
    return rows("SELECT 1 FROM " + table.quoted() + " LIMIT 1")
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(Optional.<MySqlError>empty())
                    : rows("SHOW KEYS FROM " + table.quoted() + " WHERE Key_name='PRIMARY'")
                        .map(keys -> filling.differing(!keys.isEmpty()))
                        .map(reason -> reason.map(MySqlError::notSupported)));
  }

  /** None where there is no such table, or it cannot be read: the definition meets that itself. */
  private Future<List<Link.Row>> rows(String query) {
    return link.connection()
        .query(Bytes.utf8(query))
        .compose(
            reply -> {
              Optional<MySqlError> failure = reply.failure();
              return failure.isEmpty()
                  ? Future.succeededFuture(Link.decode(reply))
                  : EnvironmentException.isEnvironment(failure.get())
                      ? Future.failedFuture(EnvironmentException.of(failure.get()))
                      : Future.succeededFuture(List.<Link.Row>of());
            });
  }
}
