package io.lockstep.gateway;

import io.lockstep.gateway.locks.TableLock;
import io.lockstep.model.TableName;
import io.lockstep.sql.Reach;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.Tokens;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Which table locks of another session are in a statement's way. */
interface TableNeeds {
  boolean conflictsWith(TableLock lock);

  /** Whoever reads waits for WRITE locks, whoever writes for any. */
  static TableNeeds of(Reach reach) {
    return of(reach.used(), reach.written());
  }

  static TableNeeds of(Set<TableName> used, Set<TableName> written) {
    Set<TableName> all = lower(used);
    Set<TableName> changed = lower(written);
    return lock ->
        changed.contains(lock.table()) || (lock.exclusive() && all.contains(lock.table()));
  }

  /**
   * Of a definition: whatever its text may name, since it is not understood as well as the rest.
   * What names no table it changes, as DROP TRIGGER, waits for all tables of its schema.
   */
  static TableNeeds of(Statement statement, StatementClass.Definition definition, String schema) {
    String verb = definition.verb();
    boolean ofPrograms =
        verb.endsWith(" PROCEDURE")
            || verb.endsWith(" FUNCTION")
            || verb.endsWith(" PACKAGE")
            || verb.endsWith(" EVENT")
            || verb.equals("CREATE DATABASE");
    if (ofPrograms) {
      return lock -> false;
    }
    Set<String> names = names(statement.tokens());
    Set<String> schemas = new HashSet<>(names);
    schemas.add(lower(schema));
    if (verb.endsWith(" DATABASE") || verb.equals("DROP TRIGGER")) {
      Set<String> whole = verb.equals("DROP DATABASE") ? names : schemas;
      return lock -> whole.contains(lock.table().schema());
    }
    return lock -> names.contains(lock.table().table()) && schemas.contains(lock.table().schema());
  }

  private static Set<String> names(Tokens tokens) {
    Set<String> names = new HashSet<>();
    for (int i = 1; i < tokens.count(); i++) {
      if (tokens.isName(i)) {
        names.add(lower(tokens.name(i)));
      }
    }
    return names;
  }

  private static Set<TableName> lower(Set<TableName> tables) {
    return tables.stream().map(TableNeeds::lower).collect(Collectors.toSet());
  }

  /** As the order keeps the names of locked tables, whatever the server does. */
  static TableName lower(TableName table) {
    return new TableName(lower(table.schema()), lower(table.table()));
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
