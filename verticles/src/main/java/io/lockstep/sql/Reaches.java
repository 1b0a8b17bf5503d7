package io.lockstep.sql;

import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the reach of statements. Used on one event loop, the catalogue's. */
public final class Reaches {
  /** How many tables are looked at; who gets to more of them may get to any. */
  static final int TABLES_MAX = 512;

  private final Catalogue catalogue;

  public Reaches(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** The tables that a statement names itself, less those that each node has for itself. */
  public static Set<TableName> named(Statement statement, String schema) {
    return mentions(statement.facts(), schema, false).stream()
        .map(Mention::table)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Follows views to their tables and, where something is written, triggers and foreign keys.
   *
   * @param definitions the last change of definitions that has to be known
   */
  public Future<Reach> of(Statement statement, String schema, Seq definitions) {
    return of(
        statement.facts(), statement.type() instanceof StatementClass.Call, schema, definitions);
  }

  /** The same of a part of a statement. */
  public Future<Reach> of(Facts facts, String schema, Seq definitions) {
    return of(facts, false, schema, definitions);
  }

  private Future<Reach> of(Facts facts, boolean calls, String schema, Seq definitions) {
    Walk walk = new Walk(definitions);
    walk.anything = calls || facts.callsUnknownFunction();
    walk.add(mentions(facts, schema, false));
    return walk.on();
  }

  /**
   * The same of tables that are locked for reading, or where the value is true for writing.
   *
   * @param definitions the last change of definitions that has to be known
   */
  public Future<Reach> of(Map<TableName, Boolean> tables, Seq definitions) {
    Walk walk = new Walk(definitions);
    tables.forEach((table, written) -> walk.add(Set.of(new Mention(table, written))));
    return walk.on();
  }

  private static Set<Mention> mentions(Facts facts, String schema, boolean written) {
    return facts.tables().stream()
        .flatMap(
            ref ->
                ref.in(schema).stream().map(table -> new Mention(table, written || ref.written())))
        .filter(mention -> !SystemSchemas.holds(mention.table()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** A table, and whether it is written there. */
  private record Mention(TableName table, boolean written) {}

  /** One statement's way through the definitions. */
  private final class Walk {
    private final Seq definitions;
    private final Set<Mention> seen = new HashSet<>();
    private final Set<TableName> lookedUp = new HashSet<>();
    private final List<Mention> ahead = new ArrayList<>();
    private final Set<FunctionKind> calls = EnumSet.noneOf(FunctionKind.class);
    private boolean anything;

    Walk(Seq definitions) {
      this.definitions = definitions;
    }

    void add(Set<Mention> mentions) {
      mentions.stream().filter(seen::add).forEach(ahead::add);
    }

    Future<Reach> on() {
      if (ahead.isEmpty() || seen.size() > TABLES_MAX) {
        anything |= !ahead.isEmpty();
        return Future.succeededFuture(reach());
      }
      List<Mention> now = List.copyOf(ahead);
      ahead.clear();
      List<Future<?>> lookups = new ArrayList<>();
      for (Mention mention : now) {
        lookups.add(
            catalogue
                .table(mention.table(), definitions)
                .onSuccess(found -> found.ifPresent(table -> follow(table, mention.written()))));
      }
      return Future.all(lookups).compose(all -> on());
    }

    private Reach reach() {
      Set<TableName> used = new HashSet<>();
      Set<TableName> written = new HashSet<>();
      for (Mention mention : seen) {
        used.add(mention.table());
        if (mention.written()) {
          written.add(mention.table());
        }
      }
      Set<TableName> tables = new HashSet<>(used);
      tables.addAll(lookedUp);
      return new Reach(tables, used, written, anything, calls);
    }

    private void follow(TableDefinition table, boolean written) {
      String schema = table.name().schema();
      Optional<Facts> view = table.viewDefinition().map(Definitions::view);
      view.ifPresent(
          facts -> {
            facts.calls().forEach(call -> calls.add(call.kind()));
            anything |= facts.callsUnknownFunction();
            add(mentions(facts, schema, written));
          });
      if (!written) {
        return;
      }
      for (TableDefinition.Trigger trigger : table.triggers()) {
        ProgramBody.Content body = ProgramBody.read(trigger);
        anything |= body.calls() || body.facts().callsUnknownFunction();
        add(mentions(body.facts(), schema, true));
        body.writes().forEach(write -> add(mentions(write.facts(), schema, true)));
      }
      for (TableDefinition.Relative relative : table.relatives()) {
        if (relative.written()) {
          add(Set.of(new Mention(relative.table(), true)));
        } else {
          lookedUp.add(relative.table());
        }
      }
    }
  }
}
