package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code RETURNING} in statements that are prepared in the binary protocol. */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class Rows_that_a_write_returns {
  private static final String VALUES =
      " (j, u, i6, p, n, d, dc, s, b, dt, tm, y, bt, e, st, tn, sm, bi, da, ts) VALUES ('{\"a\":1}',"
          + " '123e4567-e89b-12d3-a456-426655440000', '::1', POINT(1, 2), ?, 1e100, 12.345, 'it''s',"
          + " x'00ff', '2024-01-02 03:04:05.678', '-12:34:56.78', 2024, b'101', 'b', 'x,y', 7, -3,"
          + " 18446744073709551615, '2024-02-29', '2024-01-01 00:00:00')";

  private OneNode node;
  private Connection session;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node = OneNode.start(folder);
    session = node.root("&useServerPrepStmts=true&socketTimeout=120000");
    OneNode.run(session, "CREATE DATABASE d", "USE d");
  }

  @BeforeEach
  void fresh() throws SQLException {
    session.setAutoCommit(true);
    OneNode.run(
        session,
        "CREATE OR REPLACE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, j JSON, u UUID, i6 INET6,"
            + " p POINT, n INT, d DOUBLE, dc DECIMAL(10,3), s VARCHAR(20), b BLOB, dt DATETIME(3),"
            + " tm TIME(2), y YEAR, bt BIT(9), e ENUM('a','b'), st SET('x','y'),"
            + " tn TINYINT UNSIGNED ZEROFILL, sm SMALLINT, bi BIGINT UNSIGNED, da DATE,"
            + " ts TIMESTAMP NULL)");
  }

  @AfterAll
  void stop() throws SQLException {
    session.close();
    node.close();
  }

  private List<String> prepared(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = session.prepareStatement(sql)) {
      return executed(statement, parameters);
    }
  }

  /** Names, types and values of what it answers. */
  private static List<String> executed(PreparedStatement statement, Object... parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    List<String> rows = new ArrayList<>();
    try (ResultSet found = statement.executeQuery()) {
      ResultSetMetaData columns = found.getMetaData();
      while (found.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          Object value = found.getObject(i);
          row.append(i > 1 ? " | " : "")
              .append(columns.getColumnLabel(i))
              .append(' ')
              .append(columns.getColumnTypeName(i))
              .append(' ')
              .append(value instanceof byte[] bytes ? Arrays.toString(bytes) : value);
        }
        rows.add(row.toString());
      }
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void have_the_types_and_values_that_a_prepared_query_shows(boolean autocommit)
      throws SQLException {
    session.setAutoCommit(autocommit);
    List<String> inserted = prepared("INSERT INTO t" + VALUES + " RETURNING *", 5);
    assertEquals(prepared("SELECT * FROM t"), inserted);
    List<String> replaced = prepared("REPLACE INTO t" + VALUES + " RETURNING *", 6);
    assertEquals(prepared("SELECT * FROM t WHERE n = ?", 6), replaced);
    prepared("INSERT INTO t (dt, tm) VALUES ('0000-00-00', '0:0:0') RETURNING id");
    List<String> all = prepared("SELECT * FROM t ORDER BY id");
    assertEquals(3, all.size());
    assertEquals(all, prepared("DELETE FROM t WHERE id > ? RETURNING *", 0));
    assertEquals(List.of(), prepared("DELETE FROM t WHERE id > ? RETURNING *", 0));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tell_the_ids_of_each_execution(boolean autocommit) throws SQLException {
    session.setAutoCommit(autocommit);
    String sql = "INSERT INTO t (n, s) VALUES (?, ?) RETURNING id, n + ?, s AS text";
    try (PreparedStatement statement = session.prepareStatement(sql)) {
      for (int i = 1; i <= 3; i++) {
        assertEquals(
            List.of(
                "id INTEGER " + i + " | n + ? BIGINT " + (i + 10) + " | text VARCHAR it's " + i),
            executed(statement, i, "it's " + i, 10));
      }
    }
    session.commit();
    assertEquals(List.of("3"), OneNode.rows(session, "SELECT COUNT(*) FROM t"));
  }

  @Test
  void are_told_again_to_who_repeats_the_write_under_its_idempotency_key() throws Exception {
    String sql = "INSERT INTO t (n) VALUES (1), (2) RETURNING id, n";
    String first = node.execute("once", "d", sql);
    assertTrue(first.contains("\"rows\":[[1,1],[2,2]]"), first);
    String again = first.replace("\"replayed\":false", "\"replayed\":true");
    assertEquals(again, node.execute("once", "d", sql));
    assertEquals(List.of("2"), OneNode.rows(session, "SELECT COUNT(*) FROM t"));
  }

  @Test
  void are_gone_with_a_rollback() throws SQLException {
    session.setAutoCommit(false);
    prepared("INSERT INTO t (n) VALUES (?) RETURNING id", 1);
    session.rollback();
    assertEquals(List.of("0"), OneNode.rows(session, "SELECT COUNT(*) FROM t"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void are_those_that_were_captured(boolean autocommit) throws SQLException {
    OneNode.run(session, "INSERT INTO t (n) VALUES (1), (2), (3)");
    session.setAutoCommit(autocommit);
    String copied = "INSERT INTO t (n) SELECT n + ? FROM t WHERE n > 1 RETURNING n, UUID() IS NULL";
    assertEquals(
        List.of(
            "n INTEGER 12 | UUID() IS NULL INTEGER 0", "n INTEGER 13 | UUID() IS NULL INTEGER 0"),
        prepared(copied, 10));
    assertEquals(
        1, prepared("DELETE FROM t WHERE n < ? ORDER BY RAND() LIMIT 1 RETURNING n", 9).size());
    session.commit();
    assertEquals(List.of("4"), OneNode.rows(session, "SELECT COUNT(*) FROM t"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void are_an_error_if_the_write_fails(boolean autocommit) throws SQLException {
    session.setAutoCommit(autocommit);
    SQLException twice =
        assertThrows(
            SQLException.class,
            () -> prepared("INSERT INTO t (id) VALUES (?), (?) RETURNING id", 9, 9));
    assertEquals(1062, twice.getErrorCode());
    assertEquals(
        List.of("id INTEGER 9"), prepared("REPLACE INTO t (id) VALUES (?) RETURNING id", 9));
    session.commit();
    assertEquals(List.of("1"), OneNode.rows(session, "SELECT COUNT(*) FROM t"));
  }

  /** As drivers of MariaDB send a batch, if the connection says so. */
  @Test
  void are_those_of_all_executions_that_are_sent_at_once() throws SQLException {
    String insert = "INSERT INTO d.t (n) VALUES (?) RETURNING id, n";
    try (Connection bulk = node.root("&useServerPrepStmts=true&useBulkStmts=true");
        PreparedStatement all = bulk.prepareStatement(insert)) {
      for (int n = 5; n < 8; n++) {
        all.setInt(1, n);
        all.addBatch();
      }
      // Connector/J takes the rows for an OK packet, after the server has done its part.
      assertThrows(ClassCastException.class, all::executeBatch);
      assertEquals(
          List.of("1|5", "2|6", "3|7"), OneNode.rows(session, "SELECT id, n FROM t ORDER BY id"));
    }
  }

  @Test
  void may_be_many() throws SQLException {
    OneNode.run(session, "INSERT INTO t (id, n) SELECT seq, seq FROM seq_1_to_150000");
    session.setAutoCommit(false);
    List<String> rows = prepared("DELETE FROM t WHERE id > ? RETURNING n", 0);
    assertEquals(150_000, rows.size());
    assertEquals("n INTEGER 150000", rows.get(149_999));
    session.commit();
    assertEquals(List.of("0"), OneNode.rows(session, "SELECT COUNT(*) FROM t"));
    List<String> read = prepared("SELECT seq, CONNECTION_ID() > ? FROM seq_1_to_150000", 0);
    assertEquals(150_000, read.size());
  }

  @Test
  void have_the_digits_of_text_and_parameters_the_type_of_their_values() throws SQLException {
    OneNode.run(session, "CREATE TABLE f (f FLOAT)");
    String sql = "INSERT INTO f VALUES (?) RETURNING f, ? AS p";
    assertEquals(List.of("f FLOAT 1.67772E7 | p INTEGER 7"), prepared(sql, 16_777_216, 7));
    assertEquals(List.of("f FLOAT 1.6777216E7"), prepared("SELECT f FROM f"));
    OneNode.run(session, "DROP TABLE f");
  }

  @Test
  void may_be_too_long_for_a_write_outside_of_a_transaction() throws SQLException {
    OneNode.run(session, "INSERT INTO t (n) VALUES (1)");
    String sql = "DELETE FROM t RETURNING REPEAT('x', 9000000)";
    assertEquals(1235, OneNode.error(session, sql));
    assertEquals(List.of("1"), OneNode.rows(session, "SELECT COUNT(*) FROM t"));
    session.setAutoCommit(false);
    assertEquals(9_000_000, OneNode.rows(session, sql).get(0).length());
    session.commit();
    assertEquals(List.of("0"), OneNode.rows(session, "SELECT COUNT(*) FROM t"));
  }

  /** They are short, but an outcome keeps only so many. */
  @Test
  void may_be_too_many_for_a_write_outside_of_a_transaction() throws SQLException {
    OneNode.run(session, "CREATE TABLE many (id INT PRIMARY KEY)");
    for (int from = 0; from < 1_050_000; from += 150_000) {
      OneNode.run(
          session, "INSERT INTO many SELECT seq + " + from + " FROM seq_1_to_150000 ORDER BY seq");
    }
    assertEquals(1235, OneNode.error(session, "DELETE FROM many RETURNING ''"));
    assertEquals(List.of("1050000"), OneNode.rows(session, "SELECT COUNT(*) FROM many"));
    OneNode.run(session, "DROP TABLE many");
  }

  @Test
  void are_text_where_the_statement_was_prepared_as_text() throws SQLException {
    OneNode.run(session, "PREPARE s FROM 'INSERT INTO t (n, j) VALUES (?, ?) RETURNING id, n, j'");
    OneNode.run(session, "SET @n = 4, @j = '[]'");
    assertEquals(List.of("1|4|[]"), OneNode.rows(session, "EXECUTE s USING @n, @j"));
    session.setAutoCommit(false);
    assertEquals(List.of("2|4|[]"), OneNode.rows(session, "EXECUTE s USING @n, @j"));
    assertEquals(
        List.of("1", "2"),
        OneNode.rows(
            session, "EXECUTE IMMEDIATE 'DELETE FROM t WHERE n = ? RETURNING id' USING 4"));
    session.commit();
    assertTrue(OneNode.rows(session, "SELECT id FROM t").isEmpty());
  }
}
