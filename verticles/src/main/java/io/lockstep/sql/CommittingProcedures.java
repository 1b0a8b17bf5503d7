package io.lockstep.sql;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import io.lockstep.sql.ProgramTransactions.Trait;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A procedure and those behind it, as far as they begin or end transactions or lead to one that
 * does; so do those that drop or empty tables, as far as something stands in for that. Empty for a
 * procedure that leaves transactions alone.
 *
 * @param members the one that was asked for first
 * @param named members by the names under which they are called
 * @param all that was looked at, members or not
 * @param tables what they drop or empty, as far as that can be done without a commit
 * @param definitions whether those that define something, or may, are members as well, since their
 *     gateway orders definitions while they wait
 * @param numbers what they insert into by name, where that has AUTO_INCREMENT
 * @param draws how many ids of these they draw, if each statement of theirs is executed once
 * @param numbered whether those that draw any are members as well, since their gateway has said
 *     which ids these are
 */
public record CommittingProcedures(
    List<StoredProcedure> members,
    Map<TableName, StoredProcedure> named,
    Set<StoredProcedure> all,
    Map<TableName, StandIn> tables,
    boolean definitions,
    Map<TableName, TableDefinition> numbers,
    Map<TableName, Integer> draws,
    boolean numbered) {
  /** Procedures that are looked at from one call; what lies behind more is taken to be harmless. */
  static final int LOOKED_AT_MAX = 256;

  public CommittingProcedures {
    members = List.copyOf(members);
    named = Map.copyOf(named);
    all = Set.copyOf(all);
    tables = Map.copyOf(tables);
    numbers = Map.copyOf(numbers);
    draws = Map.copyOf(draws);
  }

  /**
   * The temporary tables that a call may change: of those that its session has, and of those that
   * the procedures make, which may be gone again.
   */
  public Set<TableName> temporary(Set<TableName> ofSession) {
    Set<TableName> tables = new LinkedHashSet<>();
    for (StoredProcedure one : all) {
      if (!ofSession.isEmpty()) {
        String body = one.body().utf8().toLowerCase(Locale.ROOT);
        ofSession.stream()
            .filter(
                table ->
                    one.content().has(Trait.DYNAMIC)
                        || body.contains(table.table().toLowerCase(Locale.ROOT)))
            .forEach(tables::add);
      }
      one.content().temporary().forEach(table -> tables.add(table.from(one.name().schema())));
    }
    return tables;
  }

  /**
   * Whether one of them ends a transaction; others only make tables of engines that are not ours.
   */
  public boolean commit() {
    return members.stream().anyMatch(one -> commits(one, tables, definitions));
  }

  private static boolean commits(
      StoredProcedure one, Map<TableName, StandIn> tables, boolean definitions) {
    return one.content().has(Trait.TRANSACTIONS)
        || (definitions && (one.content().has(Trait.LASTING) || one.content().has(Trait.DYNAMIC)))
        || ProgramTables.named(one).stream().anyMatch(tables::containsKey);
  }

  /** Whether one of them says that it begins or ends a transaction. */
  public boolean transactions() {
    return all.stream().anyMatch(one -> one.content().has(Trait.TRANSACTIONS));
  }

  /** Whether one of them, or a text that it may be handed, speaks of a rollback at all. */
  public boolean mayRollBack(Bytes call) {
    return Stream.concat(Stream.of(call), all.stream().map(StoredProcedure::body))
        .anyMatch(text -> text.latin1().toUpperCase(Locale.ROOT).contains("ROLLBACK"));
  }

  /** Whether one may define something, and a handler keep the error from whoever called it. */
  public boolean mayHide() {
    return all.stream().anyMatch(one -> one.content().has(Trait.HANDLERS))
        && all.stream()
            .anyMatch(
                one -> one.content().has(Trait.DEFINITIONS) || one.content().has(Trait.DYNAMIC));
  }

  /** Whether one of them says that it defines something that lasts. */
  public boolean defines() {
    return all.stream().anyMatch(one -> one.content().has(Trait.LASTING));
  }

  /** Whether one of them may do so by a text that only its execution knows. */
  public boolean mayDefine() {
    return defines() || all.stream().anyMatch(one -> one.content().has(Trait.DYNAMIC));
  }

  /**
   * Whether all are known that one of them calls by name, and all have no other rights than those
   * of who calls the first.
   */
  public boolean actsFor(Account caller) {
    Set<TableName> known = all.stream().map(StoredProcedure::name).collect(Collectors.toSet());
    return all.size() < LOOKED_AT_MAX
        && all.stream().allMatch(one -> known.containsAll(calls(one)))
        && all.stream().allMatch(one -> one.invokers() || one.definer().equals(caller));
  }

  /** More arguments than this one of them has parameters. */
  public String tooManyArguments(TableName procedure) {
    return all.stream()
        .filter(one -> one.name().toString().equalsIgnoreCase(procedure.toString()))
        .map(StoredProcedure::tooManyArguments)
        .findFirst()
        .orElseThrow();
  }

  public boolean isEmpty() {
    return members.isEmpty();
  }

  /** Looks at a program and at all that it calls by name. */
  public static Future<CommittingProcedures> behind(
      CalledProgram called, Catalogue catalogue, Seq definitions, boolean defining) {
    return behind(called.name(), called.itself(), catalogue, definitions, defining, false);
  }

  /**
   * The same.
   *
   * @param itself the first one, if it is not stored under its name
   * @param defining whether their gateway orders definitions while they wait
   * @param numbering whether it says which ids they draw
   */
  public static Future<CommittingProcedures> behind(
      TableName name,
      Optional<StoredProcedure> itself,
      Catalogue catalogue,
      Seq definitions,
      boolean defining,
      boolean numbering) {
    Walk walk = new Walk(catalogue, definitions);
    return itself
        .map(walk::from)
        .orElseGet(() -> walk.on(Set.of(name)))
        .compose(
            all ->
                new ProgramTables(all.found.values(), catalogue, definitions)
                    .standIns()
                    .compose(
                        tables ->
                            all.numbers()
                                .map(
                                    numbers ->
                                        all.committing(
                                            name, tables, defining, numbers, numbering))));
  }

  /** The names by which one member calls others. */
  Set<TableName> calledBy(StoredProcedure member) {
    Set<TableName> called = new LinkedHashSet<>(calls(member));
    called.retainAll(named.keySet());
    return called;
  }

  /** Those of the members that one of them calls. */
  public List<StoredProcedure> callees(StoredProcedure member) {
    return calledBy(member).stream()
        .flatMap(name -> Optional.ofNullable(named.get(name)).stream())
        .toList();
  }

  private static List<TableName> calls(StoredProcedure procedure) {
    String home = procedure.name().schema();
    return procedure.content().calls().stream().map(call -> call.from(home)).toList();
  }

  /** The way through everything that is called. */
  private static final class Walk {
    private final Catalogue catalogue;
    private final Seq definitions;
    private final Map<TableName, StoredProcedure> found = new LinkedHashMap<>();
    private final Set<TableName> seen = new LinkedHashSet<>();

    Walk(Catalogue catalogue, Seq definitions) {
      this.catalogue = catalogue;
      this.definitions = definitions;
    }

    Future<Walk> from(StoredProcedure first) {
      seen.add(first.name());
      found.put(first.name(), first);
      return on(Set.copyOf(calls(first)));
    }

    Future<Walk> on(Set<TableName> names) {
      List<TableName> fresh = names.stream().filter(seen::add).toList();
      if (fresh.isEmpty() || seen.size() > LOOKED_AT_MAX) {
        return Future.succeededFuture(this);
      }
      Set<TableName> next = new LinkedHashSet<>();
      List<Future<?>> lookups = new ArrayList<>();
      for (TableName name : fresh) {
        lookups.add(
            catalogue
                .procedure(name, definitions)
                .onSuccess(
                    there ->
                        there.ifPresent(
                            procedure -> {
                              found.put(name, procedure);
                              next.addAll(calls(procedure));
                            })));
      }
      return Future.all(lookups).compose(all -> on(next));
    }

    Future<Map<TableName, TableDefinition>> numbers() {
      Set<TableName> names = new LinkedHashSet<>();
      found.values().forEach(one -> names.addAll(one.inserts()));
      found
          .values()
          .forEach(
              one ->
                  one.content()
                      .temporary()
                      .forEach(table -> names.remove(table.from(one.name().schema()))));
      Map<TableName, TableDefinition> tables = new LinkedHashMap<>();
      List<Future<?>> lookups = new ArrayList<>();
      names.stream()
          .limit(LOOKED_AT_MAX)
          .forEach(
              name ->
                  lookups.add(
                      catalogue
                          .table(name, definitions)
                          .onSuccess(
                              there ->
                                  there
                                      .filter(table -> table.autoIncrement().isPresent())
                                      .ifPresent(table -> tables.put(name, table)))));
      return lookups.isEmpty() ? Future.succeededFuture(tables) : Future.all(lookups).map(tables);
    }

    CommittingProcedures committing(
        TableName first,
        Map<TableName, StandIn> tables,
        boolean definitions,
        Map<TableName, TableDefinition> numbers,
        boolean numbered) {
      Map<TableName, Integer> draws = new LinkedHashMap<>();
      Set<StoredProcedure> drawing = new LinkedHashSet<>();
      for (StoredProcedure one : found.values()) {
        Map<TableName, Integer> own = ProgramInserts.draws(one, numbers);
        own.forEach((table, count) -> draws.merge(table, count, Integer::sum));
        if (numbered && !own.isEmpty()) {
          drawing.add(one);
        }
      }
      Set<StoredProcedure> members = new LinkedHashSet<>();
      boolean more = true;
      while (more) {
        more = false;
        for (StoredProcedure one : found.values()) {
          boolean leads =
              commits(one, tables, definitions)
                  || one.content().has(Trait.ENGINES)
                  || drawing.contains(one)
                  || calls(one).stream()
                      .flatMap(name -> Optional.ofNullable(found.get(name)).stream())
                      .anyMatch(members::contains);
          more |= leads && members.add(one);
        }
      }
      Optional<StoredProcedure> entry =
          Optional.ofNullable(found.get(first)).filter(members::contains);
      if (entry.isEmpty()) {
        return new CommittingProcedures(
            List.of(),
            Map.of(),
            Set.copyOf(found.values()),
            Map.of(),
            definitions,
            numbers,
            draws,
            numbered);
      }
      List<StoredProcedure> ordered = new ArrayList<>(List.of(entry.get()));
      members.stream().filter(one -> !one.equals(entry.get())).forEach(ordered::add);
      Map<TableName, StoredProcedure> named = new LinkedHashMap<>(found);
      named.values().retainAll(members);
      return new CommittingProcedures(
          ordered,
          named,
          Set.copyOf(found.values()),
          tables,
          definitions,
          numbers,
          draws,
          numbered);
    }
  }
}
