package io.lockstep.applier.mariadb;

import static io.lockstep.applier.mariadb.Writes.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.ServerStatus;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OutcomeReadingTest {
  private static Reply.Ok ok(long affected, String info) {
    return new Reply.Ok(OkPacket.of(affected, 0, ServerStatus.IN_TRANS, 0, info));
  }

  private static Outcome.Done done(Outcome outcome) {
    return outcome.fold(
        done -> done,
        failed -> {
          throw new AssertionError(failed.toString());
        },
        refused -> {
          throw new AssertionError(refused.toString());
        });
  }

  @ParameterizedTest
  @CsvSource({
    "update t set a=1, 1, 'Rows matched: 3  Changed: 1  Warnings: 0', 3",
    "insert into t values (1), 1, '', 1",
    "insert into t values (1) on duplicate key update a=1, 0, '', 1",
    "insert into t values (1) ON DUPLICATE  KEY UPDATE a=2, 2, '', 2",
    "'insert into t values (1),(2) on duplicate key update a=1', 3, "
        + "'Records: 2  Duplicates: 1  Warnings: 0', 3",
    "'insert into t values (1),(2) on duplicate key update a=1', 0, "
        + "'Records: 2  Duplicates: 0  Warnings: 0', 2",
    "'insert ignore into t values (1),(2)', 1, 'Records: 2  Duplicates: 1  Warnings: 1', 1",
    "insert ignore into t values ('on duplicate key update'), 0, '', 0",
    "'replace into t values (1),(2)', 3, 'Records: 2  Duplicates: 1  Warnings: 0', 3",
    "delete from t, 4, '', 4"
  })
  void a_client_that_counts_found_rows_gets_those(
      String sql, long affected, String info, long found) {
    Outcome counted = OutcomeReading.outcome(write("s", sql, true), ok(affected, info), List.of());
    assertEquals(found, done(counted).affected());
    Outcome plain = OutcomeReading.outcome(write("s", sql, false), ok(affected, info), List.of());
    assertEquals(affected, done(plain).affected());
  }

  @Test
  void the_appliers_transaction_is_not_the_clients() {
    Outcome.Done done = done(OutcomeReading.outcome(write("a"), ok(1, ""), List.of()));
    assertEquals(ServerStatus.AUTOCOMMIT, done.statusFlags());
  }

  @Test
  void the_end_marks_of_result_sets_do_not_show_it_either() {
    Bytes eof = Bytes.copyOf(new byte[] {(byte) 0xfe, 0, 0, ServerStatus.IN_TRANS, 0});
    Bytes row = Bytes.copyOf(new byte[] {1, '1', 2, 3, 4});
    Reply.Rows rows = new Reply.Rows(List.of(eof, row), 1, ServerStatus.IN_TRANS, 0);
    Outcome.Done done =
        done(OutcomeReading.outcome(write("a"), new Reply.Results(List.of(rows)), List.of()));
    assertEquals(ServerStatus.AUTOCOMMIT, done.packets().get(0).at(3));
    assertEquals(row, done.packets().get(1));
  }

  @ParameterizedTest
  @CsvSource({"1062", "1452", "1146", "1366", "1049", "1265", "1792", "1305", "167"})
  void an_error_of_the_statement_is_an_outcome(int code) {
    assertFalse(EnvironmentException.isEnvironment(new MySqlError(code, "HY000", "no")));
  }

  @ParameterizedTest
  @CsvSource({"1205", "1213", "1021", "1114", "1927", "1053", "1317", "28", "1180"})
  void an_error_of_the_environment_is_none(int code) {
    assertTrue(EnvironmentException.isEnvironment(new MySqlError(code, "HY000", "no")));
  }

  @Test
  void a_statement_that_an_option_of_every_server_forbids_is_an_outcome() {
    String text =
        "The MariaDB server is running with the %s option so it cannot execute this statement";
    assertFalse(
        EnvironmentException.isEnvironment(
            new MySqlError(1290, "HY000", text.formatted("NO_ENGINE_SUBSTITUTION"))));
    assertTrue(
        EnvironmentException.isEnvironment(
            new MySqlError(1290, "HY000", text.formatted("--read-only"))));
  }

  @Test
  void a_table_that_cannot_be_made_is_an_outcome_unless_the_disk_is_full() {
    assertFalse(
        EnvironmentException.isEnvironment(
            new MySqlError(1005, "HY000", "Can't create table (errno: 150 \"Foreign key\")")));
    assertTrue(
        EnvironmentException.isEnvironment(
            new MySqlError(1005, "HY000", "Can't create table (errno: 28 \"No space left\")")));
  }
}
