package io.lockstep.sql;

import io.lockstep.model.TableName;
import java.util.Set;

/**
 * What a statement reads, changes or locks, behind its views, triggers and foreign keys too.
 *
 * @param tables those that it names and those that it gets to
 * @param used those of them in which it does more than look for the rows of a foreign key
 * @param written those of them that it may change
 * @param anything whether it may get to any other table: a program in it is not looked into
 * @param calls functions that the views behind it call
 */
public record Reach(
    Set<TableName> tables,
    Set<TableName> used,
    Set<TableName> written,
    boolean anything,
    Set<FunctionKind> calls) {
  public static final Reach NONE = of(Set.of());

  public Reach {
    tables = Set.copyOf(tables);
    used = Set.copyOf(used);
    written = Set.copyOf(written);
    calls = Set.copyOf(calls);
  }

  /** Of a statement that reads nothing but what it names. */
  public static Reach of(Set<TableName> tables) {
    return new Reach(tables, tables, Set.of(), false, Set.of());
  }

  /** Whether the statement gets to no table. */
  public boolean isNone() {
    return tables.isEmpty() && !anything;
  }
}
