package io.lockstep.sql;

import io.lockstep.model.TableName;
import java.util.Set;

/**
 * What a statement reads, changes or locks, behind its views, triggers and foreign keys too.
 *
 * @param tables those that it names and those that it gets to
 * @param anything whether it may get to any other table: a program in it is not looked into
 * @param calls functions that the views behind it call
 */
public record Reach(Set<TableName> tables, boolean anything, Set<FunctionKind> calls) {
  public static final Reach NONE = new Reach(Set.of(), false, Set.of());

  public Reach {
    tables = Set.copyOf(tables);
    calls = Set.copyOf(calls);
  }

  /** Of a statement that gets to nothing but what it names. */
  public static Reach of(Set<TableName> tables) {
    return new Reach(tables, false, Set.of());
  }

  /** Whether the statement gets to no table. */
  public boolean isNone() {
    return tables.isEmpty() && !anything;
  }
}
