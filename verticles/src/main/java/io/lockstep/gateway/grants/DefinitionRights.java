package io.lockstep.gateway.grants;

import io.lockstep.model.MySqlError;
import io.lockstep.model.TableName;
import io.lockstep.sql.DefinedObject;
import io.lockstep.sql.DefinerClause;
import io.lockstep.sql.DefinitionEffects;
import io.lockstep.sql.SessionFacts;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which privilege an account lacks for a change of definitions (MariaDB Knowledge Base: GRANT, and
 * the page of each statement). What is not known here is denied. Errors are the server's own.
 */
public final class DefinitionRights {
  /**
   * Needed of the partitioned table and of the other (MariaDB: ALTER TABLE, EXCHANGE PARTITION).
   */
  private static final List<String> EXCHANGE = List.of("ALTER", "DROP", "INSERT", "CREATE");

  private final Grants grants;
  private final SessionFacts session;
  private final Denials denials;

  public DefinitionRights(Grants grants, SessionFacts session) {
    this.grants = grants;
    this.session = session;
    this.denials = new Denials(session.user());
  }

  /**
   * The error that the account gets; empty when it may.
   *
   * @param triggered the table of the trigger that is to be dropped, if there is one
   */
  public Optional<MySqlError> missing(
      Statement statement, StatementClass.Definition definition, Optional<TableName> triggered) {
    List<DefinedObject> objects =
        DefinitionEffects.of(statement.sql(), session.schema(), statement.dialect()).objects();
    if (grants.global(Grant.ALL)) {
      return Optional.empty();
    }
    return definition.verb().equals("DROP TRIGGER")
        ? triggered.flatMap(this::trigger)
        : foreignDefiner(definition).or(() -> objects(statement, definition.verb(), objects));
  }

  /** Only a high privilege lets an account make objects that run with another one's rights. */
  private Optional<MySqlError> foreignDefiner(StatementClass.Definition definition) {
    Optional<String> written =
        definition.definer().flatMap(DefinerClause::written).filter(text -> !isSelf(text));
    boolean may = grants.global("SUPER") || grants.global("SET USER");
    return written.isPresent() && !may
        ? Optional.of(denials.global("SUPER, SET USER"))
        : Optional.empty();
  }

  private boolean isSelf(String written) {
    String plain = written.replaceAll("[`'\"\\s]", "");
    return plain.toUpperCase(Locale.ROOT).startsWith("CURRENT_USER")
        || plain.equals(session.account().user() + "@" + session.account().host());
  }

  private Optional<MySqlError> objects(
      Statement statement, String verb, List<DefinedObject> objects) {
    if (objects.isEmpty()) {
      return Optional.of(denials.global("SUPER"));
    }
    DefinedObject first = objects.get(0);
    return switch (verb) {
      case "CREATE TABLE", "CREATE SEQUENCE", "CREATE VIEW", "ALTER VIEW" ->
          prepared(statement, verb, first);
      case "ALTER SEQUENCE" -> all("ALTER", objects);
      case "ALTER TABLE" -> alterTable(statement.tokens(), objects);
      case "DROP TABLE", "DROP VIEW", "DROP SEQUENCE", "TRUNCATE TABLE" -> all("DROP", objects);
      case "RENAME TABLE" -> renameTable(objects);
      case "CREATE INDEX", "DROP INDEX" -> all("INDEX", tables(objects));
      case "CREATE DATABASE" -> schema("CREATE", first.name());
      case "ALTER DATABASE" -> schema("ALTER", first.name());
      case "DROP DATABASE" -> schema("DROP", first.name());
      case "CREATE TRIGGER" -> all("TRIGGER", tables(objects));
      case "CREATE EVENT", "ALTER EVENT", "DROP EVENT" -> events(objects);
      case "CREATE PROCEDURE", "CREATE FUNCTION", "CREATE PACKAGE" ->
          createRoutine(statement.tokens(), first);
      case "ALTER PROCEDURE",
          "ALTER FUNCTION",
          "ALTER PACKAGE",
          "DROP PROCEDURE",
          "DROP FUNCTION",
          "DROP PACKAGE" ->
          routine(first);
      default -> Optional.of(denials.global("SUPER"));
    };
  }

  /** The database has checked the rest when it prepared the statement. */
  private Optional<MySqlError> prepared(Statement statement, String verb, DefinedObject object) {
    String privilege = verb.endsWith(" VIEW") ? "CREATE VIEW" : "CREATE";
    boolean replaces = statement.tokens().is(1, "OR") || verb.equals("ALTER VIEW");
    return table(privilege, object).or(() -> replaces ? table("DROP", object) : Optional.empty());
  }

  private Optional<MySqlError> alterTable(Tokens tokens, List<DefinedObject> objects) {
    DefinedObject table = objects.get(0);
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.is(i, "EXCHANGE") && tokens.is(i + 1, "PARTITION")) {
        return EXCHANGE.stream().flatMap(privilege -> all(privilege, objects).stream()).findFirst();
      }
    }
    List<Optional<MySqlError>> found = new ArrayList<>();
    found.add(table("ALTER", table));
    for (DefinedObject renamed : tables(objects).subList(1, tables(objects).size())) {
      found.add(table("DROP", table));
      found.add(table("CREATE", renamed));
      found.add(table("INSERT", renamed));
    }
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.is(i, "REFERENCES")) {
        found.add(
            grants.schema("REFERENCES", session.schema())
                ? Optional.empty()
                : Optional.of(denials.table("REFERENCES", table)));
      }
      if (tokens.isAny(i, "DROP", "TRUNCATE") && tokens.is(i + 1, "PARTITION")) {
        found.add(table("DROP", table));
      }
      if (tokens.is(i, "CONVERT") && tokens.isAny(i + 1, "PARTITION", "TABLE")) {
        found.add(Optional.of(denials.global("SUPER")));
      }
    }
    return found.stream().flatMap(Optional::stream).findFirst();
  }

  /** Objects come as old name, new name, and so on. */
  private Optional<MySqlError> renameTable(List<DefinedObject> objects) {
    for (int i = 0; i + 1 < objects.size(); i += 2) {
      DefinedObject from = objects.get(i);
      DefinedObject to = objects.get(i + 1);
      Optional<MySqlError> missing =
          table("ALTER", from)
              .or(() -> table("DROP", from))
              .or(() -> table("CREATE", to))
              .or(() -> table("INSERT", to));
      if (missing.isPresent()) {
        return missing;
      }
    }
    return Optional.empty();
  }

  /** Who drops a trigger that is not there is told so, whatever the grants. */
  private Optional<MySqlError> trigger(TableName of) {
    return table("TRIGGER", new DefinedObject(DefinedObject.Type.TABLE, of.schema(), of.table()));
  }

  /** An event that is renamed may change its schema. */
  private Optional<MySqlError> events(List<DefinedObject> objects) {
    return objects.stream()
        .flatMap(object -> schema("EVENT", object.schema()).stream())
        .findFirst();
  }

  private Optional<MySqlError> createRoutine(Tokens tokens, DefinedObject routine) {
    Optional<MySqlError> create = schema("CREATE ROUTINE", routine.schema());
    return create.or(() -> tokens.is(1, "OR") ? routine(routine) : Optional.empty());
  }

  private Optional<MySqlError> routine(DefinedObject routine) {
    return grants.routine("ALTER ROUTINE", routine.schema(), routine.name())
        ? Optional.empty()
        : Optional.of(denials.routine("alter routine", routine));
  }

  private Optional<MySqlError> all(String privilege, List<DefinedObject> objects) {
    return objects.isEmpty()
        ? Optional.of(denials.global("SUPER"))
        : objects.stream().flatMap(object -> table(privilege, object).stream()).findFirst();
  }

  private Optional<MySqlError> table(String privilege, DefinedObject object) {
    return grants.table(privilege, object.schema(), object.name())
        ? Optional.empty()
        : Optional.of(denials.table(privilege, object));
  }

  private Optional<MySqlError> schema(String privilege, String schema) {
    return grants.schema(privilege, schema)
        ? Optional.empty()
        : Optional.of(denials.schema(schema));
  }

  private static List<DefinedObject> tables(List<DefinedObject> objects) {
    return objects.stream().filter(object -> object.type() == DefinedObject.Type.TABLE).toList();
  }
}
