package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PickingQueryTest {
  private static final List<String> ID = List.of("id");

  private static Optional<PickingQuery> read(String sql) {
    return PickingQuery.of(Classifier.readOne(Bytes.utf8(sql), Dialect.DEFAULT));
  }

  private static void takenApart(String sql, String keys, String rows, String... found) {
    PickingQuery query = read(sql).orElseThrow();
    assertEquals(keys, query.keys(ID).utf8());
    assertEquals(
        rows,
        query.of(ID, List.of(found).stream().map(List::of).toList()).utf8().replace("  ", " "));
  }

  @Test
  void asks_for_keys_first_and_then_for_these_rows() {
    takenApart(
        "SELECT a, CONCAT(b, ';') FROM jobs WHERE done = 0 OR (x FOR y) ORDER BY a LIMIT 2 FOR"
            + " UPDATE SKIP LOCKED;",
        "SELECT `id` FROM jobs WHERE done = 0 OR (x FOR y) ORDER BY a LIMIT 2 FOR UPDATE SKIP"
            + " LOCKED",
        "SELECT a, CONCAT(b, ';') FROM jobs FORCE INDEX FOR JOIN (PRIMARY) WHERE (`id`) IN"
            + " (('7'),('8')) AND (done = 0 OR (x FOR y)) ORDER BY a LIMIT 2 FOR UPDATE SKIP LOCKED",
        "'7'",
        "'8'");
  }

  @Test
  void needs_no_condition_and_takes_an_alias() {
    takenApart(
        "SELECT * FROM d.jobs AS j LOCK IN SHARE MODE SKIP LOCKED",
        "SELECT `id` FROM d.jobs AS j LOCK IN SHARE MODE SKIP LOCKED",
        "SELECT * FROM d.jobs AS j FORCE INDEX FOR JOIN (PRIMARY) WHERE FALSE LOCK IN SHARE MODE"
            + " SKIP LOCKED");
  }

  @Test
  void has_as_many_columns_as_the_key() {
    PickingQuery query = read("SELECT v FROM t x WHERE a=1 FOR UPDATE SKIP LOCKED").orElseThrow();
    assertEquals(
        "SELECT v FROM t x FORCE INDEX FOR JOIN (PRIMARY) WHERE (`a`,`b``c`) IN (('1','x')) AND"
            + " (a=1) FOR UPDATE SKIP LOCKED",
        query.of(List.of("a", "b`c"), List.of(List.of("'1'", "'x'"))).utf8());
  }

  @Test
  void ends_at_a_limit_as_well() {
    takenApart(
        "SELECT v FROM t WHERE a > 1 LIMIT 1 FOR UPDATE",
        "SELECT `id` FROM t WHERE a > 1 LIMIT 1 FOR UPDATE",
        "SELECT v FROM t FORCE INDEX FOR JOIN (PRIMARY) WHERE (`id`) IN (('7')) AND (a > 1) LIMIT 1"
            + " FOR UPDATE",
        "'7'");
  }

  @Test
  void leaves_out_what_a_limit_cuts_off() {
    assertTrue(read("SELECT v FROM t LIMIT 2 FOR UPDATE").orElseThrow().leavesOut(2));
    assertFalse(read("SELECT v FROM t LIMIT 2 FOR UPDATE").orElseThrow().leavesOut(1));
    assertTrue(read("SELECT v FROM t FOR UPDATE SKIP LOCKED").orElseThrow().leavesOut(0));
    assertTrue(read("SELECT v FROM t LIMIT 2 FOR UPDATE SKIP LOCKED").orElseThrow().leavesOut(0));
  }

  private static boolean noChoice(String sql) {
    TableDefinition table =
        new FakeCatalogue()
            .table("t", "id:int:pk", "a:int", "v:int")
            .table(new TableName("d", "t"), new Seq(0))
            .result()
            .orElseThrow();
    return read(sql).orElseThrow().leavesNoChoice(table);
  }

  @Test
  void leaves_no_choice_where_a_key_or_an_order_tells_all_rows_apart() {
    assertTrue(noChoice("SELECT v FROM t WHERE id = 5 LIMIT 1 FOR UPDATE"));
    assertTrue(noChoice("SELECT v FROM t WHERE a > 5 ORDER BY a, id LIMIT 1"));
    assertTrue(noChoice("SELECT v FROM t ORDER BY id DESC LIMIT 1 LOCK IN SHARE MODE"));
    assertFalse(noChoice("SELECT v FROM t WHERE a = 5 LIMIT 1"));
    assertFalse(noChoice("SELECT v FROM t WHERE a > 5 ORDER BY a LIMIT 1 FOR UPDATE"));
    assertFalse(noChoice("SELECT v FROM t WHERE id = 5 FOR UPDATE SKIP LOCKED"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT a FROM t LIMIT 2, 1 FOR UPDATE",
        "SELECT SQL_CALC_FOUND_ROWS a FROM t LIMIT 1 FOR UPDATE",
        "SELECT a FROM t LIMIT 1 ROWS EXAMINED 50",
        "SELECT a FROM t LIMIT 1 OFFSET 2 FOR UPDATE SKIP LOCKED",
        "SELECT a FROM t FOR UPDATE",
        "SELECT a FROM t /*! FOR UPDATE SKIP LOCKED */",
        "SELECT a FROM t, u FOR UPDATE SKIP LOCKED",
        "SELECT a FROM t JOIN u USING (a) FOR UPDATE SKIP LOCKED",
        "SELECT COUNT(*) FROM t FOR UPDATE SKIP LOCKED",
        "SELECT MAX(a) + 1 FROM t FOR UPDATE SKIP LOCKED",
        "SELECT DISTINCT a FROM t FOR UPDATE SKIP LOCKED",
        "SELECT a FROM t GROUP BY a FOR UPDATE SKIP LOCKED",
        "SELECT a FROM t ORDER BY 1 FOR UPDATE SKIP LOCKED",
        "SELECT a FROM t WHERE a IN (SELECT b FROM t) FOR UPDATE SKIP LOCKED",
        "SELECT a FROM t USE INDEX (i) FOR UPDATE SKIP LOCKED",
        "SELECT a FROM t WHERE f(a) FOR UPDATE SKIP LOCKED",
        "SELECT a FROM (SELECT a FROM t) AS d FOR UPDATE SKIP LOCKED",
        "SELECT @x := a FROM t FOR UPDATE SKIP LOCKED",
      })
  void anything_less_simple_is_left_as_it_is(String sql) {
    assertTrue(read(sql).isEmpty());
  }
}
