package io.lockstep.sql;

import io.lockstep.model.TableName;
import java.util.function.Function;

/** What a definition does to the next AUTO_INCREMENT id that the applier keeps of a table. */
public sealed interface IdRule {
  /** The table is new, or new again; {@code start} is the AUTO_INCREMENT option, 1 without it. */
  record Created(TableName table, long start) implements IdRule {
    @Override
    public <R> R fold(
        Function<Created, R> created,
        Function<Dropped, R> dropped,
        Function<Renamed, R> renamed,
        Function<Truncated, R> truncated,
        Function<AtLeast, R> atLeast,
        Function<Derived, R> derived,
        Function<SchemaDropped, R> schemaDropped) {
      return created.apply(this);
    }
  }

  /** The table is gone. */
  record Dropped(TableName table) implements IdRule {
    @Override
    public <R> R fold(
        Function<Created, R> created,
        Function<Dropped, R> dropped,
        Function<Renamed, R> renamed,
        Function<Truncated, R> truncated,
        Function<AtLeast, R> atLeast,
        Function<Derived, R> derived,
        Function<SchemaDropped, R> schemaDropped) {
      return dropped.apply(this);
    }
  }

  /** The table's next id goes with its name. Several renames take effect from left to right. */
  record Renamed(TableName from, TableName to) implements IdRule {
    @Override
    public <R> R fold(
        Function<Created, R> created,
        Function<Dropped, R> dropped,
        Function<Renamed, R> renamed,
        Function<Truncated, R> truncated,
        Function<AtLeast, R> atLeast,
        Function<Derived, R> derived,
        Function<SchemaDropped, R> schemaDropped) {
      return renamed.apply(this);
    }
  }

  /** The table begins again at 1. */
  record Truncated(TableName table) implements IdRule {
    @Override
    public <R> R fold(
        Function<Created, R> created,
        Function<Dropped, R> dropped,
        Function<Renamed, R> renamed,
        Function<Truncated, R> truncated,
        Function<AtLeast, R> atLeast,
        Function<Derived, R> derived,
        Function<SchemaDropped, R> schemaDropped) {
      return truncated.apply(this);
    }
  }

  /** ALTER TABLE … AUTO_INCREMENT = n: the greater of n and the highest id in the table plus 1. */
  record AtLeast(TableName table, long next) implements IdRule {
    @Override
    public <R> R fold(
        Function<Created, R> created,
        Function<Dropped, R> dropped,
        Function<Renamed, R> renamed,
        Function<Truncated, R> truncated,
        Function<AtLeast, R> atLeast,
        Function<Derived, R> derived,
        Function<SchemaDropped, R> schemaDropped) {
      return atLeast.apply(this);
    }
  }

  /** The text does not tell (such as an added AUTO_INCREMENT column): look at the table anew. */
  record Derived(TableName table) implements IdRule {
    @Override
    public <R> R fold(
        Function<Created, R> created,
        Function<Dropped, R> dropped,
        Function<Renamed, R> renamed,
        Function<Truncated, R> truncated,
        Function<AtLeast, R> atLeast,
        Function<Derived, R> derived,
        Function<SchemaDropped, R> schemaDropped) {
      return derived.apply(this);
    }
  }

  /** Every table of the schema is gone. */
  record SchemaDropped(String schema) implements IdRule {
    @Override
    public <R> R fold(
        Function<Created, R> created,
        Function<Dropped, R> dropped,
        Function<Renamed, R> renamed,
        Function<Truncated, R> truncated,
        Function<AtLeast, R> atLeast,
        Function<Derived, R> derived,
        Function<SchemaDropped, R> schemaDropped) {
      return schemaDropped.apply(this);
    }
  }

  <R> R fold(
      Function<Created, R> created,
      Function<Dropped, R> dropped,
      Function<Renamed, R> renamed,
      Function<Truncated, R> truncated,
      Function<AtLeast, R> atLeast,
      Function<Derived, R> derived,
      Function<SchemaDropped, R> schemaDropped);
}
