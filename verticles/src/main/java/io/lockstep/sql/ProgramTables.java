package io.lockstep.sql;

import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import io.lockstep.sql.ProgramTransactions.Called;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The tables that stored procedures drop or empty by name, and how that can be done without a
 * commit: where nobody can tell the difference; and those that they insert into.
 */
final class ProgramTables {
  /** Tables that are looked at for one call; with more of them nothing stands in. */
  static final int LOOKED_AT_MAX = 256;

  private final Collection<StoredProcedure> procedures;
  private final Catalogue catalogue;
  private final Seq definitions;

  ProgramTables(Collection<StoredProcedure> procedures, Catalogue catalogue, Seq definitions) {
    this.procedures = procedures;
    this.catalogue = catalogue;
    this.definitions = definitions;
  }

  /** What one procedure drops or empties. */
  static Set<TableName> named(StoredProcedure procedure) {
    Set<Called> both = new HashSet<>(procedure.content().dropped());
    both.addAll(procedure.content().emptied());
    return from(procedure, both);
  }

  private static Set<TableName> from(StoredProcedure procedure, Set<Called> names) {
    String home = procedure.name().schema();
    return names.stream().map(name -> name.from(home)).collect(Collectors.toSet());
  }

  private Set<TableName> all(Function<ProgramTransactions.Content, Set<Called>> which) {
    return procedures.stream()
        .flatMap(one -> from(one, which.apply(one.content())).stream())
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** Those for which something stands in. */
  Future<Map<TableName, StandIn>> standIns() {
    Set<TableName> asked =
        procedures.stream().flatMap(one -> named(one).stream()).collect(Collectors.toSet());
    if (asked.isEmpty() || asked.size() > LOOKED_AT_MAX) {
      return Future.succeededFuture(Map.of());
    }
    // What is not there is a temporary table, or nothing, which is said of one as well; unless the
    // call makes it before.
    boolean makes =
        procedures.stream().anyMatch(one -> one.content().has(ProgramTransactions.Trait.TABLES));
    Set<TableName> ours = all(ProgramTransactions.Content::temporary);
    ours.removeAll(all(ProgramTransactions.Content::numbered));
    Map<TableName, StandIn> found = new HashMap<>();
    return lookedUp(
            asked,
            (name, there) ->
                there
                    .map(table -> Optional.of(StandIn.ROWS).filter(rows -> plain(table)))
                    .orElseGet(() -> absent(ours.contains(name), makes))
                    .ifPresent(standIn -> found.put(name, standIn)))
        .map(looked -> Map.copyOf(found));
  }

  /** What they insert into, where that has AUTO_INCREMENT and is none of their temporary tables. */
  Future<Map<TableName, TableDefinition>> numbers() {
    Set<TableName> asked =
        procedures.stream().flatMap(one -> one.inserts().stream()).collect(Collectors.toSet());
    asked.removeAll(all(ProgramTransactions.Content::temporary));
    if (asked.isEmpty() || asked.size() > LOOKED_AT_MAX) {
      return Future.succeededFuture(Map.of());
    }
    Map<TableName, TableDefinition> found = new HashMap<>();
    return lookedUp(
            asked,
            (name, there) ->
                there
                    .filter(table -> table.autoIncrement().isPresent())
                    .ifPresent(table -> found.put(name, table)))
        .map(looked -> Map.copyOf(found));
  }

  private Future<Void> lookedUp(
      Set<TableName> names, BiConsumer<TableName, Optional<TableDefinition>> found) {
    List<Future<?>> lookups = new ArrayList<>();
    for (TableName name : names) {
      lookups.add(catalogue.table(name, definitions).onSuccess(there -> found.accept(name, there)));
    }
    return Future.all(lookups).mapEmpty();
  }

  private static Optional<StandIn> absent(boolean temporary, boolean makesOthers) {
    return temporary
        ? Optional.of(StandIn.TEMPORARY)
        : Optional.of(StandIn.NUMBERED).filter(no -> !makesOthers);
  }

  /**
   * TRUNCATE fires no triggers, starts ids anew, and is refused where a foreign key points at the
   * table (MariaDB Knowledge Base, TRUNCATE TABLE).
   */
  private static boolean plain(TableDefinition table) {
    return table.kind() == TableDefinition.Kind.TABLE
        && table.isInnoDb()
        && table.autoIncrement().isEmpty()
        && table.triggers().stream().noneMatch(trigger -> trigger.event().equals("DELETE"))
        && table.relatives().isEmpty()
        && !table.selfReferencing();
  }
}
