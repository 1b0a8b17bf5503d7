package io.lockstep.applier;

import io.lockstep.applier.ReplicaDatabase.NextId;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.lockstep.sql.DefinitionEffects;
import io.lockstep.sql.IdRule;
import java.util.Optional;

/** What a definition change that was executed does to the next AUTO_INCREMENT ids. */
final class NextIdRules {
  private final Draft draft;

  NextIdRules(Draft draft) {
    this.draft = draft;
  }

  void applyAll(Write definition) {
    Step.Statement statement = definition.statement();
    DefinitionEffects.of(statement.sql(), statement.schema(), ContextDialect.of(statement))
        .ids()
        .forEach(this::apply);
  }

  private void apply(IdRule rule) {
    rule.fold(
        created -> atLeast(created.table(), created.start()),
        dropped -> forget(dropped.table()),
        renamed -> rename(renamed.from(), renamed.to()),
        truncated -> exact(truncated.table()),
        atLeast -> atLeast(atLeast.table(), atLeast.next()),
        derived -> atLeast(derived.table(), current(derived.table())),
        schemaDropped -> forgetSchema(schemaDropped.schema()));
  }

  private boolean atLeast(TableName table, long value) {
    draft.nextId(table, new NextId(value, false));
    return true;
  }

  private boolean exact(TableName table) {
    draft.nextId(table, new NextId(1, true));
    return true;
  }

  private long current(TableName table) {
    return draft.nextId(table).map(NextId::value).orElse(1L);
  }

  private boolean forget(TableName table) {
    draft.forgetNextId(table);
    return true;
  }

  private boolean forgetSchema(String schema) {
    draft.tablesWithNextId().stream()
        .filter(table -> table.schema().equals(schema))
        .forEach(draft::forgetNextId);
    return true;
  }

  private boolean rename(TableName from, TableName to) {
    Optional<NextId> moved = draft.nextId(from);
    draft.forgetNextId(from);
    draft.forgetNextId(to);
    moved.ifPresent(next -> draft.nextId(to, next));
    return true;
  }
}
