package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.model.Bytes;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DefinitionEffectsTest {
  private static String objects(DefinitionEffects effects) {
    return effects.objects().stream()
        .map(object -> object.type() + " " + object.schema() + "." + object.name())
        .collect(Collectors.joining(", "));
  }

  private static String ids(DefinitionEffects effects) {
    return effects.ids().stream()
        .map(
            rule ->
                rule.<String>fold(
                    created -> "created " + created.table() + " " + created.start(),
                    dropped -> "dropped " + dropped.table(),
                    renamed -> "renamed " + renamed.from() + " " + renamed.to(),
                    truncated -> "truncated " + truncated.table(),
                    atLeast -> "atleast " + atLeast.table() + " " + atLeast.next(),
                    derived -> "derived " + derived.table(),
                    schema -> "schema " + schema.schema()))
        .collect(Collectors.joining(", "));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      emptyValue = "",
      value = {
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY)|TABLE d.t|created d.t 1",
        "CREATE OR REPLACE TABLE `x`.`a b` (id INT AUTO_INCREMENT KEY) ENGINE=InnoDB"
            + " AUTO_INCREMENT=42 CHARSET=utf8mb4|TABLE x.a b|created x.a b 42",
        "CREATE TABLE IF NOT EXISTS t (id INT)|TABLE d.t|derived d.t",
        "DROP TABLE IF EXISTS a, x.b CASCADE|TABLE d.a, TABLE x.b|dropped d.a, dropped x.b",
        "RENAME TABLE a TO b, x.c TO y.d|TABLE d.a, TABLE d.b, TABLE x.c, TABLE y.d"
            + "|renamed d.a d.b, renamed x.c y.d",
        "TRUNCATE TABLE t|TABLE d.t|truncated d.t",
        "TRUNCATE x.t|TABLE x.t|truncated x.t",
        "ALTER TABLE t AUTO_INCREMENT=100|TABLE d.t|atleast d.t 100",
        "ALTER TABLE t RENAME TO x.u|TABLE d.t, TABLE x.u|renamed d.t x.u",
        "ALTER TABLE t EXCHANGE PARTITION p WITH TABLE x.u WITHOUT VALIDATION|TABLE d.t, TABLE x.u"
            + "|derived d.t, dropped x.u, derived x.u",
        "ALTER TABLE t RENAME COLUMN a TO b|TABLE d.t|#",
        "ALTER TABLE t MODIFY id INT NOT NULL AUTO_INCREMENT, AUTO_INCREMENT=7|TABLE d.t"
            + "|derived d.t, atleast d.t 7",
        "/*!40000 ALTER TABLE `t` DISABLE KEYS */|TABLE d.t|#",
        "DROP DATABASE IF EXISTS x|SCHEMA .x|schema x",
        "ALTER DATABASE CHARACTER SET utf8mb4|SCHEMA .d|#",
        "CREATE OR REPLACE EVENT IF NOT EXISTS e ON SCHEDULE AT NOW() DO DROP TABLE t|EVENT d.e|#",
        "ALTER DEFINER=a@b EVENT x.e ON SCHEDULE EVERY 1 DAY DISABLE|EVENT x.e|#",
        "ALTER EVENT e COMMENT 'x' RENAME TO y.f DO ALTER TABLE t RENAME TO u|EVENT d.e, EVENT y.f|#",
        "CREATE INDEX i ON x.t (a)|INDEX d.i, TABLE x.t|#",
        "CREATE DEFINER=`a`@`b` TRIGGER trg BEFORE INSERT ON t FOR EACH ROW SET @a=1"
            + "|TRIGGER d.trg, TABLE d.t|#",
        "CREATE OR REPLACE ALGORITHM=MERGE DEFINER=CURRENT_USER SQL SECURITY INVOKER VIEW v AS"
            + " SELECT 1|VIEW d.v|#",
        "DROP VIEW a, b|VIEW d.a, VIEW d.b|#",
        "DROP PROCEDURE IF EXISTS p|PROCEDURE d.p|#",
      })
  void a_definition_tells_what_it_touches(String sql, String objects, String ids) {
    DefinitionEffects effects = DefinitionEffects.of(Bytes.utf8(sql), "d", Dialect.DEFAULT);
    assertEquals(objects, objects(effects));
    assertEquals(ids.equals("#") ? "" : ids, ids(effects));
  }
}
