package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SkippingQueryTest {
  private static final List<String> ID = List.of("id");

  private static Optional<SkippingQuery> read(String sql) {
    return SkippingQuery.of(Classifier.readOne(Bytes.utf8(sql), Dialect.DEFAULT));
  }

  private static void takenApart(String sql, String keys, String rows, String... found) {
    SkippingQuery query = read(sql).orElseThrow();
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
    SkippingQuery query = read("SELECT v FROM t x WHERE a=1 FOR UPDATE SKIP LOCKED").orElseThrow();
    assertEquals(
        "SELECT v FROM t x FORCE INDEX FOR JOIN (PRIMARY) WHERE (`a`,`b``c`) IN (('1','x')) AND"
            + " (a=1) FOR UPDATE SKIP LOCKED",
        query.of(List.of("a", "b`c"), List.of(List.of("'1'", "'x'"))).utf8());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
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
