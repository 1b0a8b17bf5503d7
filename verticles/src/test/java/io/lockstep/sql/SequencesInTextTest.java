package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SequencesInTextTest {
  private static final SessionFacts SESSION =
      new SessionFacts("d", new Account("u", "h"), "u@h", Optional.empty(), Seq.NONE);

  private final FakeCatalogue catalogue =
      new FakeCatalogue()
          .table("t", "id:bigint pk default=nextval(`d`.`s`)", "b:int null", "c:int null")
          .table("plain", "id:int pk", "b:int null");

  @Test
  void every_form_of_a_use_is_found() {
    assertEquals(
        List.of("NEXT s", "NEXT d.s", "NEXT s", "LAST s", "LAST d.s", "SET s [5]", "SET s [-5, 0]"),
        uses(
            "SELECT NEXTVAL(s), nextval(`d`.s), NEXT VALUE FOR s, LASTVAL(s),"
                + " PREVIOUS VALUE FOR d.s, SETVAL(s, 5), SETVAL(s, -5, 0)"));
  }

  @Test
  void a_form_that_the_server_does_not_have_is_not_understood() {
    assertTrue(SequenceCall.all(read("SELECT NEXTVAL(1)")).isEmpty());
    assertTrue(SequenceCall.all(read("SELECT SETVAL(s)")).isEmpty());
    assertTrue(SequenceCall.all(read("SELECT SETVAL(s, 1 + 1)")).isEmpty());
  }

  @Test
  void what_is_computed_once_may_be_written_out() {
    assertTrue(once("SELECT NEXTVAL(s)"));
    assertTrue(once("SELECT NEXTVAL(s) + 1 FROM DUAL"));
    assertTrue(once("SELECT LASTVAL(s), id FROM t"));
    assertTrue(once("INSERT INTO plain VALUES (NEXTVAL(s), 1), (NEXTVAL(s), 2)"));
    assertTrue(once("INSERT INTO plain SELECT NEXTVAL(s), 1"));
    assertTrue(once("INSERT INTO plain VALUES (NEXTVAL(s), (SELECT MAX(b) FROM t))"));
    assertTrue(once("UPDATE plain SET b = NEXTVAL(s) WHERE id = 3"));
  }

  @Test
  void what_each_row_has_for_itself_may_not() {
    assertFalse(once("SELECT NEXTVAL(s) FROM plain"));
    assertFalse(once("INSERT INTO plain SELECT NEXTVAL(s), b FROM plain"));
    assertFalse(once("INSERT INTO plain VALUES (1, 2) ON DUPLICATE KEY UPDATE b = NEXTVAL(s)"));
    assertFalse(once("INSERT INTO plain VALUES (1, (SELECT MAX(NEXTVAL(s)) FROM t))"));
    assertFalse(once("UPDATE plain SET b = NEXTVAL(s)"));
    assertFalse(once("UPDATE plain SET b = NEXTVAL(s) WHERE b = 3"));
    assertFalse(once("DELETE FROM plain WHERE id = NEXTVAL(s)"));
  }

  @Test
  void a_default_that_draws_becomes_part_of_the_text() {
    String draw = "nextval(`d`.`s`)";
    assertEquals(
        "INSERT INTO t (b, `id` ) VALUES (1, " + draw + " ), (2, " + draw + " )",
        written("INSERT INTO t (b) VALUES (1), (2)"));
    assertEquals(
        "INSERT INTO t VALUES (" + draw + " , 1, DEFAULT)",
        written("INSERT INTO t VALUES (DEFAULT, 1, DEFAULT)"));
    assertEquals(
        "INSERT INTO t SET b = 1 , `id` = " + draw + " ", written("INSERT INTO t SET b = 1"));
    assertEquals(
        "INSERT INTO t (`id`)  VALUES (" + draw + " )", written("INSERT INTO t VALUES ()"));
    assertEquals("INSERT INTO t VALUES (7, 1, 2)", written("INSERT INTO t VALUES (7, 1, 2)"));
  }

  @Test
  void a_default_of_rows_from_a_query_does_not() {
    assertEquals("", written("INSERT INTO t (b) SELECT b FROM plain"));
    assertEquals("", written("INSERT INTO t (id, b) VALUES (DEFAULT(id), 1)"));
  }

  private static Statement read(String sql) {
    return Classifier.read(Bytes.utf8(sql), Dialect.DEFAULT);
  }

  private static List<String> uses(String sql) {
    return SequenceCall.all(read(sql)).orElseThrow().stream()
        .map(
            call ->
                call.verb()
                    + " "
                    + call.sequence().schema().map(schema -> schema + ".").orElse("")
                    + call.sequence().name()
                    + (call.arguments().isEmpty() ? "" : " " + call.arguments()))
        .toList();
  }

  private boolean once(String sql) {
    Statement statement = read(sql);
    return new SequenceUse(statement, SequenceCall.all(statement).orElseThrow())
        .isOnce(catalogue, SESSION)
        .result();
  }

  private String written(String sql) {
    Statement statement = read(sql);
    TableDefinition table =
        catalogue.table(new TableName("d", "t"), Seq.NONE).result().orElseThrow();
    DmlShape shape = ((StatementClass.Dml) statement.type()).shape();
    return SequenceDefaults.written(statement, shape, table).map(Bytes::utf8).orElse("");
  }
}
