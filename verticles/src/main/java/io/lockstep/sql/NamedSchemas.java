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
  private NamedSchemas() {}

  /** None where the text is not understood, and so may concern any schema. */
  public static Set<String> of(Bytes definition, String defaultSchema, Dialect dialect) {
    DefinitionEffects effects = DefinitionEffects.of(definition, defaultSchema, dialect);
    Set<String> named = new HashSet<>();
    for (DefinedObject object : effects.objects()) {
      boolean schema = object.type() == DefinedObject.Type.SCHEMA;
      named.add(lower(schema ? object.name() : object.schema()));
    }
    if (named.isEmpty() || named.contains("")) {
      return Set.of();
    }
    Tokens tokens = SqlLexer.read(definition, dialect);
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.isName(i) && tokens.isSymbol(i + 1, '.')) {
        named.add(lower(tokens.name(i)));
      }
    }
    if (!defaultSchema.isEmpty()) {
      named.add(lower(defaultSchema));
    }
    return named;
  }

  /** As names of schemas are compared here, whatever the server does. */
  public static String lower(String schema) {
    return schema.toLowerCase(Locale.ROOT);
  }
}
