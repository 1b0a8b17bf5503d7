package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProgramInsertsTest {
  private static final TableName T = new TableName("d", "t");
  private static final TableName U = new TableName("e", "u");
  private static final String NEXT_T = "@" + ProgramInserts.variable(T);
  private static final String NEXT_U = "@" + ProgramInserts.variable(U);

  private final Map<TableName, TableDefinition> tables =
      Map.of(
          T,
              new FakeCatalogue()
                  .table("t", "id:int pk auto", "v:int")
                  .table(T, Seq.NONE)
                  .result()
                  .orElseThrow(),
          U, named(U));

  private static TableDefinition named(TableName name) {
    TableDefinition one =
        new FakeCatalogue()
            .table("t", "id:int pk auto", "v:int")
            .table(T, Seq.NONE)
            .result()
            .orElseThrow();
    return new TableDefinition(
        name,
        one.kind(),
        one.engine(),
        one.columns(),
        one.primaryKey(),
        one.uniqueKeys(),
        one.indexes(),
        one.triggers(),
        one.selfReferencing(),
        one.relatives(),
        one.viewDefinition());
  }

  private static StoredProcedure procedure(String body) {
    return StoredProcedure.of(
        new TableName("d", "p"),
        Bytes.EMPTY,
        Bytes.utf8(body),
        new Account("root", "%"),
        true,
        new StoredProcedure.Context("", "utf8mb4", "utf8mb4_general_ci"));
  }

  private String numbered(String body) {
    StoredProcedure procedure = procedure(body);
    return ProgramInserts.numbered(procedure, procedure.body(), tables).utf8();
  }

  private Map<TableName, Integer> draws(String body) {
    return ProgramInserts.draws(procedure(body), tables);
  }

  private static String with(String next, int count, String insert) {
    return "BEGIN SET "
        + next
        + "="
        + next
        + "+"
        + count
        + "; SET STATEMENT insert_id="
        + next
        + "-"
        + count
        + " FOR "
        + insert
        + "; END";
  }

  @Test
  void each_statement_takes_its_ids_from_its_table_s_variable() {
    assertEquals(
        "BEGIN "
            + with(NEXT_T, 1, "INSERT INTO t (v) VALUES (x)")
            + "; IF x > 1 THEN "
            + with(NEXT_U, 2, "INSERT INTO e.u VALUES (NULL, 1), (0, 2)")
            + "; END IF; END",
        numbered(
            "BEGIN INSERT INTO t (v) VALUES (x);"
                + " IF x > 1 THEN INSERT INTO e.u VALUES (NULL, 1), (0, 2); END IF; END"));
  }

  @Test
  void a_body_of_one_statement_does_so_too() {
    assertEquals(with(NEXT_T, 1, "REPLACE t SET v = 1"), numbered("REPLACE t SET v = 1"));
  }

  @Test
  void a_handler_s_statement_does_so_too() {
    assertEquals(
        "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION "
            + with(NEXT_T, 1, "INSERT INTO t (v) VALUES (-1)")
            + "; CALL q(); END",
        numbered(
            "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION INSERT INTO t (v) VALUES (-1);"
                + " CALL q(); END"));
  }

  @Test
  void rows_of_a_query_are_counted_when_they_are_there() {
    String insert = "INSERT INTO t (v) SELECT v FROM e.u";
    String numbered =
        "BEGIN SET STATEMENT insert_id="
            + NEXT_T
            + " FOR "
            + insert
            + "; SET "
            + NEXT_T
            + "="
            + NEXT_T
            + "+GREATEST(ROW_COUNT(),0); END";
    assertEquals(
        "BEGIN IF x THEN " + numbered + "; END IF; SELECT 1; END",
        numbered("BEGIN IF x THEN " + insert + "; END IF; SELECT 1; END"));
    assertEquals(Map.of(T, 1), draws("BEGIN " + insert + "; DELETE FROM q; END"));
  }

  @Test
  void they_are_counted_as_if_each_were_executed_once() {
    assertEquals(
        Map.of(T, 4, U, 1),
        draws(
            "BEGIN INSERT INTO t (v) VALUES (1), (2), (3); INSERT INTO d.t (v) VALUES (4);"
                + " INSERT INTO e.u (v) VALUES (1); END"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t VALUES (x, 1)",
        "INSERT INTO t (id, v) VALUES (7, 1)",
        "INSERT IGNORE INTO t (v) SELECT v FROM e.u",
        "INSERT INTO t (v) SELECT v FROM e.u ON DUPLICATE KEY UPDATE v = 1",
        "BEGIN INSERT INTO t (v) SELECT v FROM e.u; SET @n = ROW_COUNT(); END",
        "INSERT INTO t (v) SELECT v FROM e.u",
        "BEGIN CALL q(); IF x THEN INSERT INTO t (v) SELECT v FROM e.u; END IF; END",
        "IF x THEN INSERT INTO t (v) SELECT v FROM e.u; ELSE SELECT 1; END IF",
        "BEGIN INSERT INTO t (v) SELECT v FROM e.u; SET x = 1; END",
        "BEGIN INSERT INTO t (v) SELECT v FROM e.u; IF x THEN SELECT 1; END IF; END",
        "BEGIN DECLARE EXIT HANDLER FOR 1 INSERT INTO t (v) SELECT v FROM e.u; SELECT 1; END",
        "BEGIN INSERT INTO t (v) SELECT v FROM e.u; GET DIAGNOSTICS @n = ROW_COUNT; END",
        "INSERT INTO t (v) VALUES (f(1))",
        "INSERT INTO t (v) VALUES (ROW_COUNT())",
        "INSERT INTO other (v) VALUES (1)",
        "SELECT INSERT('a', 1, 1, 'b')",
        "/*!50000 INSERT INTO t (v) VALUES (1) */"
      })
  void whatever_else_stays_as_it_is(String body) {
    assertEquals(body, numbered(body));
    assertEquals(Map.of(), draws(body));
  }

  @Test
  void tables_have_variables_of_their_own() {
    assertNotEquals(NEXT_T, NEXT_U);
    // Their texts have the same hash.
    assertNotEquals(
        ProgramInserts.variable(new TableName("d", "Aa")),
        ProgramInserts.variable(new TableName("d", "BBx")));
  }
}
