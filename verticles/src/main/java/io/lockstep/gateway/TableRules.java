package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import io.lockstep.model.TableName;
import io.lockstep.sql.DefinedObject;
import io.lockstep.sql.DefinitionEffects;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.TableRef;
import io.lockstep.sql.UsedTables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a session may do that has locked tables (MariaDB: open_table under LTM_LOCK_TABLES, and the
 * chapter "Restrictions" of LOCK TABLES): use each as often as it has locked it, under the alias
 * that it was locked by, and change those that it locked for writing.
 */
final class TableRules {
  private static final MySqlError ACTIVE =
      new MySqlError(
          1192,
          "HY000",
          "Can't execute the given command because you have active locked tables or an active"
              + " transaction");

  private static final String[] NOT_OF_TABLES = {
    "DATABASE", "VIEW", "PROCEDURE", "FUNCTION", "PACKAGE", "EVENT"
  };

  /**
   * A lock that the session has.
   *
   * @param table as it was named
   */
  record Held(TableName table, String alias, boolean write) {}

  private final List<Held> held;
  private final String schema;
  private final Predicate<TableRef> temporary;

  TableRules(List<Held> held, String schema, Predicate<TableRef> temporary) {
    this.held = held;
    this.schema = schema;
    this.temporary = temporary;
  }

  /** Why the statement is not run, if it is not. */
  Optional<MySqlError> refusal(Statement statement) {
    if (statement.type() instanceof StatementClass.Definition definition) {
      return ofDefinition(statement, definition.verb());
    }
    if (statement.type() instanceof StatementClass.AccountChange) {
      boolean password = statement.tokens().is(1, "PASSWORD");
      return Optional.of(notLocked(password ? "global_priv" : "db"));
    }
    boolean flushes = statement.type() instanceof StatementClass.Locking locking && locking.flush();
    if (flushes || statement.tokens().is(0, "HANDLER")) {
      return Optional.of(ACTIVE);
    }
    return ofUses(UsedTables.of(statement));
  }

  /** What is left when a definition has been made: a table that it drops or renames is no more. */
  List<Held> without(Statement statement) {
    boolean ends =
        statement.tokens().is(0, "DROP")
            || (statement.tokens().is(0, "ALTER") && renames(statement));
    if (!ends || !(statement.type() instanceof StatementClass.Definition definition)) {
      return held;
    }
    Set<TableName> gone = new HashSet<>();
    DefinitionEffects.of(statement.sql(), schema, statement.dialect()).objects().stream()
        .filter(object -> object.type() == DefinedObject.Type.TABLE && !object.schema().isEmpty())
        .limit(definition.verb().equals("DROP TABLE") ? Long.MAX_VALUE : 1)
        .forEach(object -> gone.add(new TableName(object.schema(), object.name())));
    boolean tables = definition.verb().endsWith(" TABLE");
    return tables ? held.stream().filter(one -> !gone.contains(one.table())).toList() : held;
  }

  private static boolean renames(Statement statement) {
    for (int i = 2; i < statement.tokens().count(); i++) {
      if (statement.tokens().is(i, "RENAME")
          && !statement.tokens().isAny(i + 1, "COLUMN", "INDEX", "KEY")) {
        return true;
      }
    }
    return false;
  }

  private Optional<MySqlError> ofUses(List<UsedTables.Use> uses) {
    List<Held> free = new ArrayList<>(held);
    Optional<MySqlError> readOnly = Optional.empty();
    for (UsedTables.Use use : uses) {
      Optional<TableName> table = use.table().in(schema);
      if (table.isEmpty() || isFree(table.get()) || temporary.test(use.table())) {
        continue;
      }
      Optional<Held> lock =
          free.stream()
              .filter(one -> one.table().equals(table.get()) && one.alias().equals(use.alias()))
              .max((one, other) -> Boolean.compare(one.write(), other.write()));
      if (lock.isEmpty()) {
        return Optional.of(notLocked(use.alias()));
      }
      if (use.written() && !lock.get().write() && readOnly.isEmpty()) {
        readOnly = Optional.of(readOnly(use.alias()));
      }
      free.remove(lock.get());
    }
    return readOnly;
  }

  private static boolean isFree(TableName table) {
    return table.schema().equalsIgnoreCase("information_schema");
  }

  private Optional<MySqlError> ofDefinition(Statement statement, String verb) {
    for (String object : NOT_OF_TABLES) {
      if (verb.endsWith(" " + object)) {
        return Optional.of(ACTIVE);
      }
    }
    if (verb.equals("RENAME TABLE")) {
      return Optional.of(ACTIVE);
    }
    // ALTER TABLE may name others behind its own: a new name, a partition's table.
    return DefinitionEffects.of(statement.sql(), schema, statement.dialect()).objects().stream()
        .filter(
            object ->
                object.type() == DefinedObject.Type.TABLE
                    || object.type() == DefinedObject.Type.SEQUENCE)
        .limit(verb.startsWith("DROP ") ? Long.MAX_VALUE : 1)
        .flatMap(object -> ofObject(object).stream())
        .findFirst();
  }

  private Optional<MySqlError> ofObject(DefinedObject object) {
    TableRef table = new TableRef(Optional.of(object.schema()), object.name(), true);
    if (object.schema().isEmpty() || temporary.test(table)) {
      return Optional.empty();
    }
    List<Held> locks =
        held.stream()
            .filter(
                one ->
                    one.table().schema().equals(object.schema())
                        && one.table().table().equals(object.name()))
            .toList();
    if (locks.isEmpty()) {
      return Optional.of(notLocked(object.name()));
    }
    return locks.stream().anyMatch(Held::write)
        ? Optional.empty()
        : Optional.of(readOnly(object.name()));
  }

  /** ER_TABLE_NOT_LOCKED. */
  static MySqlError notLocked(String alias) {
    return new MySqlError(1100, "HY000", "Table '" + alias + "' was not locked with LOCK TABLES");
  }

  private static MySqlError readOnly(String alias) {
    return new MySqlError(
        1099, "HY000", "Table '" + alias + "' was locked with a READ lock and can't be updated");
  }
}
