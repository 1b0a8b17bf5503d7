package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.model.Bytes;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LockReaderTest {
  private static StatementClass.Locking read(String sql) {
    return (StatementClass.Locking) Classifier.read(Bytes.utf8(sql), Dialect.DEFAULT).type();
  }

  private static List<String> tables(String sql) {
    return read(sql).tables().stream()
        .map(
            one ->
                one.table().schema().orElse("")
                    + "."
                    + one.table().name()
                    + "|"
                    + one.alias()
                    + "|"
                    + one.write()
                    + "|"
                    + one.text().utf8())
        .toList();
  }

  @Test
  void each_table_has_its_alias_and_its_kind() {
    assertEquals(
        List.of("d.t|a|false|`d`.`t` AS a", ".u|u|true|u", ".v|b|true|v b", ".w|w|false|w"),
        tables(
            "LOCK TABLES `d`.`t` AS a READ LOCAL, u LOW_PRIORITY WRITE,"
                + " v b WRITE CONCURRENT, w READ"));
  }

  @Test
  void the_time_to_wait_may_be_given() {
    assertEquals(OptionalInt.of(3), read("LOCK TABLES t READ WAIT 3").seconds());
    assertEquals(OptionalInt.of(0), read("LOCK TABLES t WRITE NOWAIT").seconds());
    assertEquals(OptionalInt.empty(), read("LOCK TABLES t WRITE").seconds());
  }

  @Test
  void tables_that_are_flushed_with_a_lock_are_locked_for_reading() {
    assertEquals(
        List.of(".t|t|false|t", "d.u|u|false|d.u"), tables("FLUSH TABLES t, d.u WITH READ LOCK"));
    assertEquals(List.of(), tables("FLUSH TABLES WITH READ LOCK"));
  }
}
