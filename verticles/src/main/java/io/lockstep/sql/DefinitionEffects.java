package io.lockstep.sql;

import io.lockstep.model.Bytes;
import java.util.List;

/**
 * What a definition touches, read from its text alone, so that every node finds the same.
 *
 * @param objects everything it creates, changes or drops, under old and new names; empty when the
 *     text is not understood
 * @param ids what happens to AUTO_INCREMENT bookkeeping, in order
 */
public record DefinitionEffects(List<DefinedObject> objects, List<IdRule> ids) {
  public static final DefinitionEffects NONE = new DefinitionEffects(List.of(), List.of());

  public DefinitionEffects {
    objects = List.copyOf(objects);
    ids = List.copyOf(ids);
  }

  /** Names without schema are of {@code defaultSchema}. */
  public static DefinitionEffects of(Bytes sql, String defaultSchema, Dialect dialect) {
    return new DefinitionReader(SqlLexer.read(sql, dialect)).effects(defaultSchema);
  }
}
