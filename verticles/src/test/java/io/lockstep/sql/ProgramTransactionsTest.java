package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProgramTransactionsTest {
  private static final String SAVEPOINT = "SAVEPOINT `lockstep part call`";

  private static Optional<String> written(String body, boolean autocommit) {
    return ProgramTransactions.asSavepoints(
            Bytes.utf8(body),
            Dialect.DEFAULT,
            autocommit,
            called -> called.name().equals("q") ? Optional.of("d.own") : Optional.empty())
        .map(Bytes::utf8);
  }

  private static boolean any(String body) {
    return ProgramTransactions.read(Bytes.utf8(body), Dialect.DEFAULT).any();
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
  void the_statement_of_a_handler_is_one_too() {
    assertTrue(any("BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION, 1062 ROLLBACK; SELECT 1; END"));
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
