package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.sql.DefinedObject;
import io.lockstep.sql.DefinitionEffects;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.vertx.core.Future;

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

  DroppedSchema(Session session) {
    this.session = session;
  }

  Future<Void> leave(Statement statement, StatementClass.Definition definition) {
    String schema = session.state().schema();
    if (!definition.verb().equals("DROP DATABASE") || schema.isEmpty()) {
      return Future.succeededFuture();
    }
    boolean own =
        DefinitionEffects.of(statement.sql(), schema, statement.dialect()).objects().stream()
            .anyMatch(
                object ->
                    object.type() == DefinedObject.Type.SCHEMA
                        && object.name().equalsIgnoreCase(schema));
    if (!own) {
      return Future.succeededFuture();
    }
    return session
        .ready()
        .compose(settings -> session.backend().query(NOTICE))
        .map(
            reply -> {
              session.state().settingsChanged();
              return null;
            });
  }
}
