package io.lockstep.applier;

import io.lockstep.applier.ReplicaDatabase.NextId;
import io.lockstep.model.TableName;

/** What a change of definitions, once executed, does to the next AUTO_INCREMENT ids. */
public sealed interface IdEffect {
  /** Makes the change in a draft of the replicated state. */
  void applyTo(Draft draft);

  /** The table is gone, or is a new one without a start of its own: its rows tell the next id. */
  record Forgotten(TableName table) implements IdEffect {
    @Override
    public void applyTo(Draft draft) {
      draft.forgetNextId(table);
    }
  }

  /** Every table of the schema is gone. */
  record SchemaForgotten(String schema) implements IdEffect {
    @Override
    public void applyTo(Draft draft) {
      draft.tablesWithNextId().stream()
          .filter(table -> table.schema().equals(schema))
          .forEach(draft::forgetNextId);
    }
  }

  /** The table and its next id have another name. */
  record Renamed(TableName from, TableName to) implements IdEffect {
    @Override
    public void applyTo(Draft draft) {
      draft.nextId(from).ifPresentOrElse(id -> draft.nextId(to, id), () -> draft.forgetNextId(to));
      draft.forgetNextId(from);
    }
  }

  /** The table is empty and counts from 1. */
  record Truncated(TableName table) implements IdEffect {
    @Override
    public void applyTo(Draft draft) {
      draft.nextId(table, new NextId(1, true));
    }
  }

  /**
   * {@code AUTO_INCREMENT = n}: InnoDB takes n, or the id after the highest row if that is higher.
   */
  record StartsAt(TableName table, long value) implements IdEffect {
    @Override
    public void applyTo(Draft draft) {
      draft.nextId(table, new NextId(value, false));
    }
  }
}
