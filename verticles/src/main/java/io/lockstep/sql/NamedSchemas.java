package io.lockstep.sql;

import io.lockstep.model.Bytes;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The schemas that a definition may have to do with, in lower case, read from its text alone, so
 * that every node finds the same: those of what it defines and whatever else stands before a dot.
 */
public final class NamedSchemas {
  /** Characters of the longest name of a schema (MariaDB Knowledge Base, Identifier Names). */
  private static final int NAME_MAX = 64;

  private NamedSchemas() {}

  /** None where the text is not understood, and so may concern any schema. */
  public static Set<String> of(Bytes definition, String defaultSchema, Dialect dialect) {
    DefinitionEffects effects = DefinitionEffects.of(definition, defaultSchema, dialect);
    Set<String> named = new HashSet<>();
    for (DefinedObject object : effects.objects()) {
      boolean schema = object.type() == DefinedObject.Type.SCHEMA;
      named.add(lower(schema ? object.name() : object.schema()));
    }
    if (named.isEmpty() || !named.stream().allMatch(NamedSchemas::canBe)) {
      return Set.of();
    }
    Tokens tokens = SqlLexer.read(definition, dialect);
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.isName(i) && tokens.isSymbol(i + 1, '.')) {
        named.add(lower(tokens.name(i)));
      }
    }
    // Aliases of tables may be longer, and stand before a dot too.
    named.removeIf(name -> !canBe(name));
    if (!defaultSchema.isEmpty()) {
      named.add(lower(defaultSchema));
    }
    return named;
  }

  /** Whether the server admits such a name; also that it can be kept in a table of names. */
  public static boolean canBe(String schema) {
    return !schema.isEmpty()
        && schema.codePointCount(0, schema.length()) <= NAME_MAX
        && !schema.endsWith(" ");
  }

  /** As names of schemas are compared here, whatever the server does. */
  public static String lower(String schema) {
    return schema.toLowerCase(Locale.ROOT);
  }
}
