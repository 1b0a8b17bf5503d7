package io.lockstep.applier.mariadb;

import static io.lockstep.applier.mariadb.Writes.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.lockstep.model.Setting;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FingerprintTest {
  @Test
  void every_word_may_be_a_name() {
    Set<String> names =
        Fingerprint.names(write("RENAME TABLE `a``b`.t$1 TO \"x y\", bücher TO 'it''s'"));
    assertTrue(
        names.containsAll(Set.of("shop", "a`b", "t$1", "x y", "bücher", "it's")), names.toString());
  }

  @Test
  void a_text_with_very_many_words_is_read_up_to_a_bound() {
    StringBuilder sql = new StringBuilder("CREATE TABLE t (");
    for (int i = 0; i < 2 * Fingerprint.NAMES_MAX; i++) {
      sql.append("c").append(i).append(" INT,");
    }
    Set<String> names = Fingerprint.names(write(sql.toString()));
    assertEquals(Fingerprint.NAMES_MAX, names.size());
    assertTrue(names.contains("t"));
  }

  @Test
  void a_text_of_any_length_takes_no_more_stack() {
    String text = "y".repeat(1 << 20);
    Set<String> names =
        Fingerprint.names(
            write(
                "CREATE TABLE t (a INT COMMENT '" + text + "''" + text + "', b INT) COMMENT 'z'"));
    assertTrue(names.containsAll(Set.of("t", "b", "z")), names.toString());
  }

  /** The catalogues cannot be asked for them: every node would stop at such a definition. */
  @Test
  void characters_beyond_the_basic_plane_are_in_no_name() {
    Set<String> names =
        Fingerprint.names(
            write("CREATE TABLE t (a INT DEFAULT 1 COMMENT '\uD83D\uDE00') -- x\uD83D\uDE00"));
    assertTrue(names.contains("t"), names.toString());
    assertEquals(
        Set.of(),
        names.stream().filter(name -> name.contains("\uD83D")).collect(Collectors.toSet()));
  }

  @Test
  void a_name_is_read_in_the_character_set_of_its_client() {
    Set<String> names =
        Fingerprint.names(
            write("DROP TABLE b\u00fccher", new Setting("character_set_client", "'latin1'")));
    assertTrue(names.contains("b\u00c3\u00bccher"), names.toString());
  }

  @Test
  void the_next_id_that_open_transactions_move_is_no_definition() {
    String table = "CREATE TABLE `t` (\n  `id` int AUTO_INCREMENT\n) ENGINE=InnoDB%s COMMENT='x'";
    assertEquals(
        Bytes.utf8(table.formatted("")),
        Fingerprint.withoutNextId(Bytes.utf8(table.formatted(" AUTO_INCREMENT=49"))));
  }

  @Test
  void a_quote_that_is_not_closed_hides_no_name() {
    assertTrue(Fingerprint.names(write("DROP TABLE `t, u -- it's")).containsAll(Set.of("t", "u")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "drop table a, b",
        " GRANT ALL ON *.* TO u",
        "create or replace user u",
        "alter\nuser u",
        "/* one */ DROP -- two\n TABLE a, b",
        "CREATE /* a */ OR REPLACE # b\n USER u",
        "/*! GRANT */ ALL ON *.* TO u",
        "CREATE/**/SEQUENCE s",
        "set password for u = ''",
        "SET/**/GLOBAL sort_buffer_size = 100000"
      })
  void what_a_crash_may_leave_half_done_is_repeated(String sql) {
    assertTrue(LoneExecution.converges(write(sql)), sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter table t add index (a)",
        "create table t (a int)",
        "rename table a to b",
        "/* DROP */ ALTER TABLE t ADD INDEX (a)",
        "CREATE TABLE user (a INT)",
        "CREATE VIEW sequence AS SELECT 1"
      })
  void what_is_wholly_there_or_not_is_never_repeated(String sql) {
    assertTrue(!LoneExecution.converges(write(sql)), sql);
  }
}
