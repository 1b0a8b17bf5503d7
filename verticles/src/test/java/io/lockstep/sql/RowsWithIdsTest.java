package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RowsWithIdsTest {
  private final FakeCatalogue catalogue =
      new FakeCatalogue()
          .table("t", "id:bigint pk auto", "v:varchar null", "w:int null")
          .table("u", "id:int pk auto", "v:varchar unique null")
          .table("noted", "id:int pk auto", "v:varchar null")
          .table("plain", "id:int pk", "v:varchar null")
          .trigger("noted", "INSERT", "INSERT INTO t (v) VALUES (NEW.v)");

  private Optional<RowsWithIds> of(String sql) {
    Statement statement = Classifier.read(Bytes.utf8(sql), Dialect.DEFAULT);
    DmlShape shape = ((StatementClass.Dml) statement.type()).shape();
    TableName name = shape.targets().get(0).in("d").orElseThrow();
    return catalogue
        .table(name, new Seq(5))
        .result()
        .flatMap(table -> RowsWithIds.of(statement, shape, table));
  }

  private Optional<String> counting(String sql) {
    return of(sql).orElseThrow().counting().map(Bytes::utf8);
  }

  @Test
  void rows_of_a_query_draw_as_many_as_there_are() {
    RowsWithIds rows = of("INSERT INTO t (v) SELECT v FROM u WHERE id > 3").orElseThrow();
    assertEquals(new TableName("d", "t"), rows.draw().table());
    assertEquals("id", rows.draw().column());
    assertEquals(OptionalInt.empty(), rows.count());
    assertEquals(
        Optional.of(
            "SELECT COUNT(*) FROM (SELECT v FROM u WHERE id > 3 LOCK IN SHARE MODE)"
                + " AS lockstep_rows"),
        rows.counting().map(Bytes::utf8));
  }

  @Test
  void what_a_duplicate_does_is_not_counted() {
    assertEquals(
        counting("INSERT INTO t (v) SELECT v FROM u"),
        counting("INSERT INTO t (v) SELECT v FROM u ON DUPLICATE KEY UPDATE w = 1"));
  }

  @Test
  void rows_that_stand_in_the_text_are_counted_there() {
    assertEquals(
        OptionalInt.of(2), of("INSERT INTO t (v) VALUES ('a'), ('b')").orElseThrow().count());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t SELECT id, v, 1 FROM u",
        "INSERT INTO t (id, v) SELECT id, v FROM u",
        "INSERT INTO t (v) SELECT v FROM u RETURNING id",
        "INSERT INTO t (v) SELECT f(v) FROM u",
        "INSERT INTO noted (v) SELECT v FROM u",
        "INSERT INTO plain (v) SELECT v FROM u",
        "UPDATE t SET v = 1"
      })
  void nothing_is_taken_where_others_may_name_or_draw_them(String sql) {
    assertEquals(Optional.empty(), of(sql));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t (v) SELECT v FROM u UNION SELECT v FROM u",
        "INSERT INTO t (v) SELECT v FROM u WHERE id IN (SELECT id FROM t)",
        "INSERT INTO t (v) SELECT v FROM (SELECT v FROM u) AS x",
        "INSERT INTO t (v) WITH x AS (SELECT v FROM u) SELECT v FROM x",
        "INSERT INTO t (v) SELECT v FROM u FOR UPDATE",
        "INSERT INTO t (v) SELECT @a := v FROM u",
        "INSERT INTO t (v) SELECT GET_LOCK(v, 1) FROM u",
        "INSERT INTO t (v) SELECT SLEEP(1) FROM u"
      })
  void no_query_is_counted_that_does_more_or_reads_without_a_lock(String sql) {
    assertEquals(Optional.empty(), counting(sql));
  }

  @Test
  void rows_that_have_only_their_ids_meet_nobody() {
    assertTrue(of("INSERT INTO t (v) VALUES ('a')").orElseThrow().capturedOrAlone());
    assertTrue(of("INSERT INTO u (v) SELECT v FROM t").orElseThrow().capturedOrAlone());
    assertFalse(of("INSERT INTO u (v) VALUES ('a')").orElseThrow().capturedOrAlone());
    assertFalse(
        of("INSERT INTO t (v) VALUES ((SELECT MAX(v) FROM u))").orElseThrow().capturedOrAlone());
  }

  private Optional<RowsWithIds> ofLoad(String sql) {
    Statement statement = Classifier.read(Bytes.utf8(sql), Dialect.DEFAULT);
    StatementClass.Load load = (StatementClass.Load) statement.type();
    return catalogue
        .table(load.target().in("d").orElseThrow(), new Seq(5))
        .result()
        .flatMap(table -> RowsWithIds.ofLoad(statement, load, table));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LOAD DATA LOCAL INFILE 'f' INTO TABLE t (v)",
        "LOAD DATA LOCAL INFILE '(id)' REPLACE INTO TABLE d.t CHARACTER SET utf8"
            + " FIELDS TERMINATED BY '(' IGNORE 1 LINES (v, @x) SET w = @x + 1"
      })
  void lines_of_a_file_draw_where_they_hold_no_id(String sql) {
    RowsWithIds rows = ofLoad(sql).orElseThrow();
    assertEquals(new TableName("d", "t"), rows.draw().table());
    assertEquals(OptionalInt.empty(), rows.count());
    assertEquals(Optional.empty(), rows.counting());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LOAD DATA LOCAL INFILE 'f' INTO TABLE t",
        "LOAD DATA LOCAL INFILE 'f' INTO TABLE t FIELDS TERMINATED BY '(' SET w = 1",
        "LOAD DATA LOCAL INFILE 'f' INTO TABLE t (id, v)",
        "LOAD DATA LOCAL INFILE 'f' INTO TABLE t (v, @x) SET id = @x",
        "LOAD DATA LOCAL INFILE 'f' INTO TABLE t (@x) SET v = f(@x)",
        "LOAD DATA LOCAL INFILE 'f' INTO TABLE noted (v)",
        "LOAD DATA LOCAL INFILE 'f' INTO TABLE plain (v)"
      })
  void nothing_is_taken_for_lines_that_may_hold_it(String sql) {
    assertEquals(Optional.empty(), ofLoad(sql));
  }
}
