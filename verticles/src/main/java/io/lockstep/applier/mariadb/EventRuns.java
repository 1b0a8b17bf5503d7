package io.lockstep.applier.mariadb;

import io.lockstep.model.Outcome;
import io.lockstep.model.Setting;
import io.lockstep.model.Step;
import io.lockstep.model.Write;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.DefinedObject;
import io.lockstep.sql.DefinitionEffects;
import io.lockstep.sql.Dialect;
import io.lockstep.sql.ScheduleClause;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import java.util.List;

/**
 * What is remembered of events' last instants when their definitions change. An instant is claimed
 * by a write of its own ({@code gateway.events}); here it follows an event to a new name, and is
 * forgotten with the event or the schedule that it belongs to, in the transaction of the position.
 */
final class EventRuns {
  /** Seconds since 1970 of the last instant that was claimed; names of events ignore case. */
  static final String TABLE =
      "CREATE TABLE IF NOT EXISTS lockstep.event_run (event_schema VARCHAR(64) NOT NULL,"
          + " event_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,"
          + " ran BIGINT NOT NULL, PRIMARY KEY (event_schema, event_name))";

  private EventRuns() {}

  /** The statements to run in the transaction that ends the write. */
  static List<String> settle(Write write, Outcome outcome) {
    boolean happened = outcome.fold(done -> true, failed -> false, refused -> false);
    Statement statement = Classifier.read(write.statement().sql(), dialect(write.statement()));
    if (!happened || !(statement.type() instanceof StatementClass.Definition definition)) {
      return List.of();
    }
    boolean replaces = statement.tokens().is(1, "OR");
    return switch (definition.verb()) {
      case "DROP DATABASE", "CREATE DATABASE" ->
          objects(write, statement).stream()
              .filter(object -> replaces || definition.verb().startsWith("DROP"))
              .map(object -> "DELETE FROM lockstep.event_run WHERE" + ofSchema(object.name()))
              .toList();
      case "DROP EVENT" -> forget(objects(write, statement));
      case "CREATE EVENT" -> replaces ? forget(objects(write, statement)) : List.of();
      case "ALTER EVENT" -> altered(objects(write, statement), statement);
      default -> List.of();
    };
  }

  private static List<String> forget(List<DefinedObject> events) {
    return events.stream()
        .map(event -> "DELETE FROM lockstep.event_run WHERE" + of(event))
        .toList();
  }

  private static List<String> altered(List<DefinedObject> events, Statement statement) {
    if (ScheduleClause.isIn(statement.tokens())) {
      return forget(events);
    }
    return events.size() < 2
        ? List.of()
        : List.of(
            "UPDATE lockstep.event_run SET event_schema="
                + Sql.text(events.get(1).schema())
                + ", event_name="
                + Sql.text(events.get(1).name())
                + " WHERE"
                + of(events.get(0)));
  }

  private static String of(DefinedObject event) {
    return ofSchema(event.schema()) + " AND event_name=" + Sql.text(event.name());
  }

  private static String ofSchema(String schema) {
    return " event_schema=" + Sql.text(schema);
  }

  private static List<DefinedObject> objects(Write write, Statement statement) {
    return DefinitionEffects.of(
            statement.sql(), write.statement().schema(), dialect(write.statement()))
        .objects();
  }

  private static Dialect dialect(Step.Statement statement) {
    return Dialect.of(value(statement, "sql_mode"), Dialect.SERVER_VERSION_MIN)
        .withClientCharset(value(statement, "character_set_client"));
  }

  private static String value(Step.Statement statement, String name) {
    return statement.context().stream()
        .filter(setting -> setting.name().equals(name))
        .map(Setting::literal)
        .findFirst()
        .map(literal -> literal.replace("'", ""))
        .orElse("");
  }
}
