package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.model.Bytes;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NamedSchemasTest {
  private static final String LONG = "x".repeat(65);

  private static Set<String> of(String definition) {
    return NamedSchemas.of(Bytes.utf8(definition), "own", Dialect.DEFAULT);
  }

  @Test
  void those_of_the_objects_and_whatever_stands_before_a_dot() {
    assertEquals(Set.of("own", "a", "b", "t"), of("CREATE VIEW A.v AS SELECT t.c FROM b.u AS t"));
  }

  @Test
  void an_alias_that_is_too_long_for_a_schema_is_none() {
    assertEquals(Set.of("own"), of("CREATE VIEW v AS SELECT " + LONG + ".c FROM u AS " + LONG));
  }

  @Test
  void a_definition_of_what_cannot_be_may_concern_all() {
    assertEquals(Set.of(), of("DROP DATABASE " + LONG));
    assertEquals(Set.of(), of("DROP TABLE " + LONG + ".t"));
    assertEquals(Set.of(), of("DROP DATABASE `own `"));
    assertEquals(Set.of("own", "x".repeat(64)), of("DROP DATABASE " + "x".repeat(64)));
  }
}
