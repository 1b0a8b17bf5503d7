package io.lockstep.sql;

import io.lockstep.model.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the objects that a definition touches and the AUTO_INCREMENT rules that follow. */
final class EffectsReader {
  private final Tokens tokens;
  private final String defaultSchema;
  private final DefinitionReader reader;
  private final List<DefinedObject> objects = new ArrayList<>();
  private final List<IdRule> ids = new ArrayList<>();

  EffectsReader(Tokens tokens, String defaultSchema, DefinitionReader reader) {
    this.tokens = tokens;
    this.defaultSchema = defaultSchema;
    this.reader = reader;
  }

  DefinitionEffects read() {
    int kind = reader.kindAt();
    switch (tokens.upper(0)) {
      case "CREATE" -> create(kind);
      case "ALTER" -> alter(kind);
      case "DROP" -> drop(kind);
      case "RENAME" -> rename(kind);
      case "TRUNCATE" -> truncate();
      default -> {}
    }
    return new DefinitionEffects(objects, ids);
  }

  private void create(int kind) {
    DefinedObject.Type type = DefinitionReader.typeOf(tokens.upper(kind));
    int name = reader.afterExists(kind + 1);
    if (type == DefinedObject.Type.PACKAGE && tokens.is(kind + 1, "BODY")) {
      name = reader.afterExists(kind + 2);
    }
    add(type, name);
    switch (type) {
      case TABLE -> createTable(kind, name);
      case TRIGGER, INDEX -> ownerTable(name);
      default -> {}
    }
  }

  private void createTable(int kind, int name) {
    // With IF NOT EXISTS the text does not tell whether a table was made.
    boolean perhaps = tokens.is(kind + 1, "IF");
    long start = option(NameList.after(tokens, name)).orElse(1L);
    table(name)
        .ifPresent(
            table ->
                ids.add(perhaps ? new IdRule.Derived(table) : new IdRule.Created(table, start)));
  }

  /** The table behind ON of CREATE TRIGGER, CREATE INDEX and DROP INDEX. */
  private void ownerTable(int from) {
    for (int i = from; i < tokens.count(); i++) {
      if (tokens.is(i, "ON") && tokens.isName(i + 1)) {
        add(DefinedObject.Type.TABLE, i + 1);
        return;
      }
    }
  }

  /** The value of the table option AUTO_INCREMENT = n outside parentheses. */
  private Optional<Long> option(int from) {
    for (int i = from; i < tokens.count(); i++) {
      if (tokens.isSymbol(i, '(')) {
        i = tokens.closing(i);
      } else if (tokens.is(i, "AUTO_INCREMENT")) {
        int value = tokens.isSymbol(i + 1, '=') ? i + 2 : i + 1;
        if (value < tokens.count() && tokens.kind(value) == TokenKind.INTEGER) {
          return parse(tokens.raw(value));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Long> parse(String digits) {
    try {
      return Optional.of(Long.parseLong(digits));
    } catch (NumberFormatException tooLarge) {
      return Optional.of(Long.MAX_VALUE);
    }
  }

  private void alter(int kind) {
    DefinedObject.Type type = DefinitionReader.typeOf(tokens.upper(kind));
    int name = reader.afterExists(kind + 1);
    add(type, name);
    if (type == DefinedObject.Type.TABLE) {
      alterTable(name);
    } else if (type == DefinedObject.Type.EVENT) {
      renameEvent(name);
    }
  }

  /** RENAME TO stands before the body. */
  private void renameEvent(int name) {
    for (int i = NameList.after(tokens, name); i < tokens.count() && !tokens.is(i, "DO"); i++) {
      if (tokens.is(i, "RENAME") && tokens.is(i + 1, "TO")) {
        add(DefinedObject.Type.EVENT, i + 2);
        return;
      }
    }
  }

  private void alterTable(int name) {
    Optional<TableName> table = table(name);
    if (table.isEmpty()) {
      return;
    }
    int from = NameList.after(tokens, name);
    boolean derived = false;
    for (int i = from; i < tokens.count(); i++) {
      if (tokens.isSymbol(i, '(')) {
        i = tokens.closing(i);
      } else if (tokens.is(i, "RENAME") && !tokens.isAny(i + 1, "COLUMN", "INDEX", "KEY")) {
        renameTo(
            table.get(),
            tokens.isAny(i + 1, "TO", "AS") || tokens.isSymbol(i + 1, '=') ? i + 2 : i + 1);
      } else if (tokens.is(i, "EXCHANGE") && tokens.is(i + 1, "PARTITION")) {
        derived = true;
        exchange(i + 3);
      } else if (tokens.isAny(i, "ADD", "MODIFY", "CHANGE", "DROP", "CONVERT")) {
        derived = true;
      } else if (tokens.is(i, "AUTO_INCREMENT") && isOption(i)) {
        option(i).ifPresent(next -> ids.add(new IdRule.AtLeast(table.get(), next)));
      }
    }
    if (derived) {
      ids.add(0, new IdRule.Derived(table.get()));
    }
  }

  /** WITH TABLE name: it has other rows then, and goes on behind those. */
  private void exchange(int with) {
    add(DefinedObject.Type.TABLE, with + 2);
    table(with + 2)
        .ifPresent(
            table -> {
              ids.add(new IdRule.Dropped(table));
              ids.add(new IdRule.Derived(table));
            });
  }

  private boolean isOption(int i) {
    return tokens.isSymbol(i + 1, '=')
        || (i + 1 < tokens.count() && tokens.kind(i + 1) == TokenKind.INTEGER);
  }

  private void renameTo(TableName from, int i) {
    add(DefinedObject.Type.TABLE, i);
    table(i).ifPresent(to -> ids.add(new IdRule.Renamed(from, to)));
  }

  private void drop(int kind) {
    DefinedObject.Type type = DefinitionReader.typeOf(tokens.upper(kind));
    int start = reader.afterExists(kind + 1);
    if (type == DefinedObject.Type.SCHEMA) {
      add(type, start);
      ids.add(new IdRule.SchemaDropped(tokens.isName(start) ? tokens.name(start) : ""));
      return;
    }
    if (type == DefinedObject.Type.INDEX) {
      add(type, start);
      ownerTable(start);
      return;
    }
    for (int name : reader.nameList(start)) {
      add(type, name);
      if (type == DefinedObject.Type.TABLE) {
        table(name).ifPresent(table -> ids.add(new IdRule.Dropped(table)));
      }
    }
  }

  private void rename(int kind) {
    int i = reader.afterExists(kind + 1);
    while (tokens.isName(i)) {
      int to = i;
      while (to < tokens.count() && !tokens.is(to, "TO")) {
        to++;
      }
      Optional<TableName> from = table(i);
      Optional<TableName> target = table(to + 1);
      add(DefinedObject.Type.TABLE, i);
      add(DefinedObject.Type.TABLE, to + 1);
      if (from.isPresent() && target.isPresent()) {
        ids.add(new IdRule.Renamed(from.get(), target.get()));
      }
      i = NameList.after(tokens, to + 1) + 1;
    }
  }

  private void truncate() {
    int name = tokens.is(1, "TABLE") ? 2 : 1;
    add(DefinedObject.Type.TABLE, name);
    table(name).ifPresent(table -> ids.add(new IdRule.Truncated(table)));
  }

  private Optional<TableName> table(int i) {
    return NameList.table(tokens, i, true).flatMap(ref -> ref.in(defaultSchema));
  }

  private void add(DefinedObject.Type type, int i) {
    if (type == DefinedObject.Type.SCHEMA) {
      // ALTER DATABASE without a name means the default schema.
      boolean named = tokens.isName(i) && !tokens.isAny(i, "DEFAULT", "CHARACTER", "COLLATE");
      objects.add(new DefinedObject(type, "", named ? tokens.name(i) : defaultSchema));
      return;
    }
    NameList.table(tokens, i, true)
        .ifPresent(
            ref ->
                objects.add(
                    new DefinedObject(type, ref.schema().orElse(defaultSchema), ref.name())));
  }
}
