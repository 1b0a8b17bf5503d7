package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.ServerStatus;
import io.lockstep.sql.DefinedObject;
import io.lockstep.sql.DefinitionEffects;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.vertx.core.Future;
import java.util.function.Function;

/**
 * Who drops its default schema has none afterwards. The server does so for the connection that
 * drops it, which is the applier's; the session's own is made to notice.
 */
final class DroppedSchema {
  /**
   * Coming back from a routine of another schema, the server looks whether the default one is still
   * there (sql_db.cc, mysql_opt_change_db).
   */
  private static final Bytes NOTICE = Bytes.utf8("DO sys.version_major()");

  private final Session session;
  private final Answer answer;

  DroppedSchema(Session session, Answer answer) {
    this.session = session;
    this.answer = answer;
  }

  /** Runs a definition, and says in its answer if it took the session's default schema with it. */
  Future<Void> run(
      Statement statement,
      StatementClass.Definition definition,
      Function<Answer, Future<Void>> write) {
    if (!takesOwn(statement, definition)) {
      return write.apply(answer);
    }
    BulkAnswer told = new BulkAnswer();
    return write
        .apply(told)
        .compose(
            written -> {
              told.failure().ifPresent(answer::error);
              return told.failure().isPresent()
                  ? Future.succeededFuture()
                  : leave(told.sum(session.state().status()));
            });
  }

  private boolean takesOwn(Statement statement, StatementClass.Definition definition) {
    String schema = session.state().schema();
    return definition.verb().equals("DROP DATABASE")
        && !schema.isEmpty()
        && DefinitionEffects.of(statement.sql(), schema, statement.dialect()).objects().stream()
            .anyMatch(
                object ->
                    object.type() == DefinedObject.Type.SCHEMA
                        && object.name().equalsIgnoreCase(schema));
  }

  private Future<Void> leave(OkPacket dropped) {
    OkPacket ok = dropped.withStatus(dropped.status() | ServerStatus.DB_DROPPED);
    return session
        .ready()
        .compose(settings -> session.backend().query(NOTICE))
        .map(reply -> reply.fold(said -> ok.withStateOf(said.packet()), err -> ok, rows -> ok))
        // The schema is gone, whatever became of the connection.
        .otherwise(ok)
        .map(
            told -> {
              session.state().settingsChanged();
              answer.ok(told);
              return null;
            });
  }
}
