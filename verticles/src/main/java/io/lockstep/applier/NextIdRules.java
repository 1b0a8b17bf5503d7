package io.lockstep.applier;

import io.lockstep.applier.ReplicaDatabase.NextId;
import io.lockstep.model.Setting;
import io.lockstep.model.SettingDefaults;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.lockstep.sql.DefinitionEffects;
import io.lockstep.sql.Dialect;
import io.lockstep.sql.IdRule;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a definition change that was executed does to the next AUTO_INCREMENT ids. */
final class NextIdRules {
  private final Draft draft;

  NextIdRules(Draft draft) {
    this.draft = draft;
  }

  void applyAll(Write definition) {
    Step.Statement statement = definition.statement();
    DefinitionEffects.of(statement.sql(), statement.schema(), dialect(statement.context()))
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

  /** The version is not this server's own but the oldest: every node must read the same. */
  private static Dialect dialect(List<Setting> context) {
    return Dialect.of(value(context, "sql_mode"), Dialect.SERVER_VERSION_MIN)
        .withClientCharset(value(context, "character_set_client"));
  }

  private static String value(List<Setting> context, String name) {
    return Stream.concat(context.stream(), SettingDefaults.ALL.stream())
        .filter(setting -> setting.name().equals(name))
        .findFirst()
        .map(setting -> setting.literal().replace("'", ""))
        .orElse("");
  }
}
