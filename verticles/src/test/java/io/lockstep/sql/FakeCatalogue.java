package io.lockstep.sql;

import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import io.lockstep.sql.TableDefinition.Column;
import io.lockstep.sql.TableDefinition.Kind;
import io.lockstep.sql.TableDefinition.Trigger;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A catalogue of tables that a test describes in a few words. */
final class FakeCatalogue implements Catalogue {
  private final Map<TableName, TableDefinition> tables = new HashMap<>();

  /**
   * A table of InnoDB in the schema {@code d}. Columns are {@code name:type} with further words:
   * {@code pk}, {@code unique}, {@code auto}, {@code null}, {@code onupdate}, {@code default=…}.
   */
  FakeCatalogue table(String name, String... columns) {
    return put(name, Kind.TABLE, "InnoDB", "", List.of(), columns);
  }

  FakeCatalogue myIsam(String name, String... columns) {
    return put(name, Kind.TABLE, "MyISAM", "", List.of(), columns);
  }

  FakeCatalogue versioned(String name, String... columns) {
    return put(name, Kind.VERSIONED, "InnoDB", "", List.of(), columns);
  }

  FakeCatalogue view(String name, String definition) {
    return put(name, Kind.VIEW, "", definition, List.of());
  }

  FakeCatalogue trigger(String table, String event, String body) {
    TableDefinition old = Optional.ofNullable(tables.get(new TableName("d", table))).orElseThrow();
    List<Trigger> triggers = new ArrayList<>(old.triggers());
    triggers.add(new Trigger("trg", event, "BEFORE", body, "root@localhost", ""));
    return keep(
        new TableDefinition(
            old.name(),
            old.kind(),
            old.engine(),
            old.columns(),
            old.primaryKey(),
            old.uniqueKeys(),
            old.indexes(),
            triggers,
            false,
            old.relatives(),
            old.viewDefinition()));
  }

  /** A foreign key of one table that points at another. */
  FakeCatalogue foreignKey(String from, String to, boolean cascades) {
    relative(from, new TableDefinition.Relative(new TableName("d", to), false));
    return relative(to, new TableDefinition.Relative(new TableName("d", from), cascades));
  }

  private FakeCatalogue relative(String table, TableDefinition.Relative relative) {
    TableDefinition old = Optional.ofNullable(tables.get(new TableName("d", table))).orElseThrow();
    List<TableDefinition.Relative> relatives = new ArrayList<>(old.relatives());
    relatives.add(relative);
    return keep(
        new TableDefinition(
            old.name(),
            old.kind(),
            old.engine(),
            old.columns(),
            old.primaryKey(),
            old.uniqueKeys(),
            old.indexes(),
            old.triggers(),
            false,
            relatives,
            old.viewDefinition()));
  }

  private FakeCatalogue put(
      String name,
      Kind kind,
      String engine,
      String view,
      List<Trigger> triggers,
      String... columns) {
    List<Column> all = new ArrayList<>();
    List<String> primary = new ArrayList<>();
    List<List<String>> unique = new ArrayList<>();
    for (String text : columns) {
      String[] words = text.split("[ :]");
      List<String> flags = List.of(words);
      Optional<String> given =
          flags.stream().filter(w -> w.startsWith("default=")).map(w -> w.substring(8)).findFirst();
      all.add(
          new Column(
              words[0],
              words[1],
              flags.contains("null"),
              given,
              flags.contains("onupdate"),
              Optional.empty(),
              flags.contains("auto"),
              flags.contains("invisible")));
      if (flags.contains("pk")) {
        primary.add(words[0]);
      }
      if (flags.contains("unique")) {
        unique.add(List.of(words[0]));
      }
    }
    return keep(
        new TableDefinition(
            new TableName("d", name),
            kind,
            engine,
            all,
            primary,
            unique,
            unique.size() + (primary.isEmpty() ? 0 : 1),
            triggers,
            false,
            List.of(),
            view.isEmpty() ? Optional.empty() : Optional.of(view)));
  }

  private FakeCatalogue keep(TableDefinition table) {
    tables.put(table.name(), table);
    return this;
  }

  @Override
  public Future<Optional<TableDefinition>> table(TableName name, Seq definitions) {
    return Future.succeededFuture(Optional.ofNullable(tables.get(name)));
  }

  @Override
  public Future<Set<TableName>> sequences(Seq definitions) {
    return Future.succeededFuture(Set.of());
  }

  @Override
  public Future<List<Long>> sequence(TableName name) {
    return Future.succeededFuture(List.of());
  }

  @Override
  public Future<Optional<Long>> rowsWithoutIndex(TableName name) {
    return Future.succeededFuture(Optional.empty());
  }

  @Override
  public Future<Optional<StoredProcedure>> procedure(TableName name, Seq definitions) {
    return Future.succeededFuture(Optional.empty());
  }

  @Override
  public Future<Boolean> functionExists(String schema, String name, Seq definitions) {
    return Future.succeededFuture(false);
  }

  @Override
  public Future<Optional<TableName>> triggered(TableName trigger, Seq definitions) {
    return Future.succeededFuture(Optional.empty());
  }

  @Override
  public Future<Integer> lowerCaseTableNames() {
    return Future.succeededFuture(0);
  }
}
