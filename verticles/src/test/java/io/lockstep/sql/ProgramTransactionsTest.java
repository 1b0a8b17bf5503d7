package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.lockstep.sql.ProgramTransactions.Called;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProgramTransactionsTest {
  private static final String SAVEPOINT = "SAVEPOINT `lockstep part call`";

  private static final Map<String, StandIn> STAND_INS =
      Map.of("tmp", StandIn.TEMPORARY, "ids", StandIn.NUMBERED, "plain", StandIn.ROWS);

  private static Optional<String> written(String body, boolean autocommit) {
    return ProgramTransactions.asSavepoints(
            Bytes.utf8(body),
            Dialect.DEFAULT,
            autocommit,
            new ProgramTransactions.Others(
                called -> called.name().equals("q") ? Optional.of("d.own") : Optional.empty(),
                table -> Optional.ofNullable(STAND_INS.get(table.name())),
                Optional.empty()))
        .map(Bytes::utf8);
  }

  private static boolean any(String body) {
    return ProgramTransactions.read(Bytes.utf8(body), Dialect.DEFAULT)
        .has(ProgramTransactions.Trait.TRANSACTIONS);
  }

  @Test
  void a_body_without_transactions_stays_as_it_is() {
    String body = "BEGIN /* COMMIT; */ SELECT 'ROLLBACK;', `commit` FROM t; ROLLBACK TO s; END";
    assertFalse(any(body));
    assertEquals(Optional.of(body), written(body, true));
  }

  @Test
  void without_autocommit_the_savepoint_is_always_there() {
    assertEquals(
        Optional.of("BEGIN " + SAVEPOINT + "; ROLLBACK TO " + SAVEPOINT + "; END"),
        written("BEGIN COMMIT; ROLLBACK; END", false));
  }

  @Test
  void with_autocommit_ends_without_a_beginning_pass() {
    String unless = "BEGIN DECLARE CONTINUE HANDLER FOR 1305 BEGIN END; ";
    assertEquals(
        Optional.of(
            "BEGIN "
                + SAVEPOINT
                + " ; IF x THEN "
                + unless
                + "RELEASE "
                + SAVEPOINT
                + "; END; ELSE "
                + unless
                + "ROLLBACK TO "
                + SAVEPOINT
                + "; RELEASE "
                + SAVEPOINT
                + "; END ; END IF; END"),
        written(
            "BEGIN START TRANSACTION; IF x THEN COMMIT; ELSE ROLLBACK WORK; END IF; END", true));
  }

  @Test
  void the_isolation_level_of_a_transaction_is_that_of_its_call() {
    String level = "SET TRANSACTION ISOLATION LEVEL ";
    assertTrue(any("BEGIN " + level + "READ COMMITTED; SELECT 1; END"));
    assertFalse(any("BEGIN " + level + "SERIALIZABLE; SELECT 1; END"));
    assertFalse(any("BEGIN " + level + "READ COMMITTED, READ ONLY; SELECT 1; END"));
    assertEquals(
        Optional.of("BEGIN DO 0; SELECT 1; END"),
        written("BEGIN " + level + "REPEATABLE READ; SELECT 1; END", true)
            .map(text -> text.replaceAll(" +", " ").replace(" ;", ";")));
  }

  @Test
  void the_statement_of_a_handler_is_one_too() {
    assertTrue(any("BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION, 1062 ROLLBACK; SELECT 1; END"));
  }

  @Test
  void what_makes_a_temporary_table_may_drop_and_empty_it() {
    ProgramTransactions.Content content =
        ProgramTransactions.read(
            Bytes.utf8(
                "BEGIN DROP TABLE IF EXISTS tmp, e.ids; CREATE TEMPORARY TABLE tmp (a INT);"
                    + " CREATE TEMPORARY TABLE e.ids (a INT AUTO_INCREMENT KEY); TRUNCATE plain; END"),
            Dialect.DEFAULT);
    assertEquals("[ids]", content.numbered().stream().map(Called::name).toList().toString());
    assertEquals(2, content.temporary().size());
    assertEquals(2, content.dropped().size());
    assertEquals("[plain]", content.emptied().stream().map(Called::name).toList().toString());
    String all = " LIMIT 18446744073709551615; " + SAVEPOINT + "; END";
    assertEquals(
        Optional.of(
            "BEGIN BEGIN "
                + SAVEPOINT
                + "; DROP TEMPORARY TABLE IF EXISTS tmp, `ids`; "
                + SAVEPOINT
                + "; END; BEGIN "
                + SAVEPOINT
                + "; DELETE FROM  tmp"
                + all
                + "; BEGIN "
                + SAVEPOINT
                + "; DELETE FROM d.plain"
                + all
                + "; END"),
        written(
            "BEGIN DROP TABLE IF EXISTS tmp, `ids`; TRUNCATE TABLE tmp; TRUNCATE d.plain; END",
            false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP TABLE tmp, plain",
        "DROP TABLE other",
        "TRUNCATE ids",
        "TRUNCATE TABLE other",
        "TRUNCATE TABLE tmp NOWAIT",
        "DROP TEMPORARY TABLE tmp",
      })
  void other_tables_stay_as_they_are(String statement) {
    String body = "BEGIN " + statement + "; END";
    assertEquals(Optional.of(body), written(body, true));
  }

  @Test
  void temporary_tables_are_of_our_engine() {
    String body = "BEGIN CREATE TEMPORARY TABLE m (a INT) ENGINE=%s; SELECT 'ENGINE=MEMORY'; END";
    assertTrue(
        ProgramTransactions.read(Bytes.utf8(body.formatted("MEMORY")), Dialect.DEFAULT)
            .has(ProgramTransactions.Trait.ENGINES));
    assertFalse(
        ProgramTransactions.read(Bytes.utf8(body.formatted("InnoDB")), Dialect.DEFAULT)
            .has(ProgramTransactions.Trait.ENGINES));
    assertEquals(Optional.of(body.formatted("InnoDB")), written(body.formatted("MEMORY"), true));
    assertFalse(any(body.formatted("MEMORY")));
  }

  @Test
  void what_is_said_of_autocommit_holds_for_what_follows() {
    String released =
        "BEGIN DECLARE CONTINUE HANDLER FOR 1305 BEGIN END; RELEASE " + SAVEPOINT + "; END";
    assertEquals(
        Optional.of(
            "BEGIN "
                + SAVEPOINT
                + "   ; COMMIT_ME; "
                + SAVEPOINT
                + "; "
                + released
                + "    ; "
                + released
                + "; END"),
        written(
            "BEGIN SET autocommit = 0; COMMIT_ME; COMMIT; SET SESSION autocommit = ON; COMMIT; END",
            true));
    assertEquals(Optional.empty(), written("BEGIN SET autocommit = 0; COMMIT; END", true));
  }

  @Test
  void calls_are_named_and_replaced() {
    String body = "BEGIN CALL q(1); CALL e.r(2); CALL `q`; END";
    assertEquals(2, ProgramTransactions.read(Bytes.utf8(body), Dialect.DEFAULT).calls().size());
    assertEquals(
        Optional.of("BEGIN CALL d.own(1); CALL e.r(2); CALL d.own; END"), written(body, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEGIN COMMIT AND CHAIN; END",
        "BEGIN ROLLBACK RELEASE; END",
        "BEGIN START TRANSACTION READ ONLY; END",
        "BEGIN START TRANSACTION WITH CONSISTENT SNAPSHOT; END",
        "BEGIN /*!100000 COMMIT; */ COMMIT; END"
      })
  void what_no_savepoint_says_is_not_understood(String body) {
    assertTrue(any(body));
    assertEquals(Optional.empty(), written(body, true));
  }
}
