package io.lockstep.sql;

import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The definitions that a write can reach: its tables, what stands behind its views, and the tables
 * of the triggers that it fires, fetched round by round.
 */
final class Definitions {
  /** How many rounds: a view on a view, a trigger that fires a trigger. */
  static final int ROUNDS_MAX = 8;

  /** How many tables one write may reach. */
  static final int TABLES_MAX = 256;

  private final Map<TableName, Optional<TableDefinition>> found;
  private final boolean complete;

  private Definitions(Map<TableName, Optional<TableDefinition>> found, boolean complete) {
    this.found = found;
    this.complete = complete;
  }

  /** Fetches what the tables named reach. */
  static Future<Definitions> reach(Catalogue catalogue, Set<TableName> names, Seq definitions) {
    return round(catalogue, names, definitions, new HashMap<>(), 0);
  }

  private static Future<Definitions> round(
      Catalogue catalogue,
      Set<TableName> names,
      Seq definitions,
      Map<TableName, Optional<TableDefinition>> known,
      int rounds) {
    if (names.isEmpty()) {
      return Future.succeededFuture(new Definitions(known, true));
    }
    if (rounds == ROUNDS_MAX || known.size() + names.size() > TABLES_MAX) {
      return Future.succeededFuture(new Definitions(known, false));
    }
    List<Future<?>> lookups = new ArrayList<>();
    for (TableName name : names) {
      lookups.add(catalogue.table(name, definitions).onSuccess(table -> known.put(name, table)));
    }
    return Future.all(lookups)
        .compose(all -> round(catalogue, next(names, known), definitions, known, rounds + 1));
  }

  private static Set<TableName> next(
      Set<TableName> names, Map<TableName, Optional<TableDefinition>> known) {
    Set<TableName> next = new HashSet<>();
    for (TableName name : names) {
      known.getOrDefault(name, Optional.empty()).ifPresent(table -> add(table, next));
    }
    next.removeAll(known.keySet());
    return next;
  }

  private static void add(TableDefinition table, Set<TableName> next) {
    String schema = table.name().schema();
    table
        .viewDefinition()
        .ifPresent(text -> view(text).tables().forEach(ref -> ref.in(schema).ifPresent(next::add)));
    for (TableDefinition.Trigger trigger : table.triggers()) {
      ProgramBody.Content body = ProgramBody.read(trigger);
      body.facts().tables().forEach(ref -> ref.in(schema).ifPresent(next::add));
      for (Statement write : body.writes()) {
        write.facts().tables().forEach(ref -> ref.in(schema).ifPresent(next::add));
      }
    }
  }

  /** What the query of a view mentions; the server prints it with backticks and no modes. */
  static Facts view(String definition) {
    Tokens tokens = SqlLexer.read(io.lockstep.model.Bytes.utf8(definition), Dialect.DEFAULT);
    return FactsReader.read(tokens, 0, tokens.count());
  }

  /** Whether everything was fetched within the bounds. */
  boolean complete() {
    return complete;
  }

  Optional<TableDefinition> table(TableName name) {
    return found.getOrDefault(name, Optional.empty());
  }
}
