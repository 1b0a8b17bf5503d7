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
 * @param found all that was looked at, members or not, by the names under which they are called
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
    Map<TableName, StoredProcedure> found,
    Map<TableName, StandIn> tables,
    boolean definitions,
    Map<TableName, TableDefinition> numbers,
    Map<TableName, Integer> draws,
    boolean numbered) {
  /** Procedures that are looked at from one call; what lies behind more is taken to be harmless. */
  static final int LOOKED_AT_MAX = 256;

  public CommittingProcedures {
    members = List.copyOf(members);
    found = Map.copyOf(found);
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
    for (StoredProcedure one : found.values()) {
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
    return found.values().stream().anyMatch(one -> one.content().has(Trait.TRANSACTIONS));
  }

  /** Whether one of them, or a text that it may be handed, speaks of a rollback at all. */
  public boolean mayRollBack(Bytes call) {
    return Stream.concat(Stream.of(call), found.values().stream().map(StoredProcedure::body))
        .anyMatch(text -> text.latin1().toUpperCase(Locale.ROOT).contains("ROLLBACK"));
  }

  /** Whether one may define something, and a handler keep the error from whoever called it. */
  public boolean mayHide() {
    return found.values().stream().anyMatch(one -> one.content().has(Trait.HANDLERS))
        && found.values().stream()
            .anyMatch(
                one -> one.content().has(Trait.DEFINITIONS) || one.content().has(Trait.DYNAMIC));
  }

  /** Whether one of them says that it defines something that lasts. */
  public boolean defines() {
    return found.values().stream().anyMatch(one -> one.content().has(Trait.LASTING));
  }

  /** Whether one of them may do so by a text that only its execution knows. */
  public boolean mayDefine() {
    return defines() || found.values().stream().anyMatch(one -> one.content().has(Trait.DYNAMIC));
  }

  /**
   * Whether all are known that one of them calls by name, and all have no other rights than those
   * of who calls the first.
   */
  public boolean actsFor(Account caller) {
    Set<TableName> known =
        found.values().stream().map(StoredProcedure::name).collect(Collectors.toSet());
    return Set.copyOf(found.values()).size() < LOOKED_AT_MAX
        && found.values().stream().allMatch(one -> known.containsAll(calls(one)))
        && found.values().stream().allMatch(one -> one.invokers() || one.definer().equals(caller));
  }

  /** What each of them mentions. */
  public List<Facts> facts() {
    return found.values().stream().map(StoredProcedure::facts).toList();
  }

  /** More arguments than this one of them has parameters. */
  public String tooManyArguments(TableName called) {
    return Optional.ofNullable(found.get(called)).orElseThrow().tooManyArguments();
  }

  /** The members by the names under which they are called. */
  public Map<TableName, StoredProcedure> named() {
    Map<TableName, StoredProcedure> named = new LinkedHashMap<>(found);
    named.values().retainAll(members);
    return named;
  }

  public boolean isEmpty() {
    return members.isEmpty();
  }

  /** Looks at a program and at all that it calls by name. */
  public static Future<CommittingProcedures> behind(
      CalledProgram called,
      Catalogue catalogue,
      Seq definitions,
      boolean defining,
      boolean numbering) {
    return behind(called.name(), called.itself(), catalogue, definitions, defining, numbering);
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
            all -> {
              ProgramTables tables = new ProgramTables(all.found.values(), catalogue, definitions);
              return tables
                  .standIns()
                  .compose(
                      standIns ->
                          tables
                              .numbers()
                              .map(
                                  numbers ->
                                      all.committing(
                                          name, standIns, defining, numbers, numbering)));
            });
  }

  /** The names by which one member calls others. */
  Set<TableName> calledBy(StoredProcedure member) {
    Set<TableName> called = new LinkedHashSet<>(calls(member));
    called.retainAll(named().keySet());
    return called;
  }

  /** Those of the members that one of them calls. */
  public List<StoredProcedure> callees(StoredProcedure member) {
    return calledBy(member).stream()
        .flatMap(name -> Optional.ofNullable(found.get(name)).stream())
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
      List<StoredProcedure> ordered = new ArrayList<>();
      Optional.ofNullable(found.get(first)).filter(members::contains).ifPresent(ordered::add);
      members.stream()
          .filter(one -> !ordered.isEmpty() && !one.equals(ordered.get(0)))
          .forEach(ordered::add);
      return new CommittingProcedures(
          ordered, found, tables, definitions, numbers, draws, numbered);
    }
  }
}
