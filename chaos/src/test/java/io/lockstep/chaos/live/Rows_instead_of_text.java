package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no text can pin has the same effect on all three nodes, from all three gateways. */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class Rows_instead_of_text {
  private static final String AS_TEXT = "UPDATE c SET n = n + 1 WHERE id = 1";
  private static final String AS_ROWS = "UPDATE c SET n = n + 1, u = UUID() LIMIT 1";

  private final List<Connection> clients = new ArrayList<>();
  private LiveCluster cluster;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    cluster = OneNode.cluster(folder, 3);
    for (NodeProcess node : cluster.nodes()) {
      clients.add(DriverManager.getConnection(node.jdbcUrl()));
    }
    OneNode.run(
        clients.get(0),
        "CREATE DATABASE d",
        "CREATE USER looker IDENTIFIED BY 'looker'",
        "GRANT SELECT ON *.* TO looker");
    for (Connection client : clients) {
      OneNode.run(client, "USE d");
    }
  }

  @AfterAll
  void stop() throws SQLException {
    for (Connection client : clients) {
      client.close();
    }
    cluster.close();
  }

  private Connection at(int gateway) {
    return clients.get(gateway);
  }

  /** The rows as every database has them, past Lockstep, once all have applied them. */
  private List<String> everywhere(String query) throws Exception {
    OneNode.run(at(0), "CREATE TABLE IF NOT EXISTS d.mark (id INT AUTO_INCREMENT PRIMARY KEY)");
    OneNode.run(at(0), "INSERT INTO d.mark VALUES (NULL)");
    List<String> marked = OneNode.rows(at(0), "SELECT COUNT(*) FROM d.mark");
    List<List<String>> found = new ArrayList<>();
    for (NodeProcess node : cluster.nodes()) {
      String url = "jdbc:mariadb://127.0.0.1:" + node.databasePort() + "/d";
      try (Connection looker = DriverManager.getConnection(url, "looker", "looker")) {
        assertTrue(
            Waiting.quietly(
                Duration.ofSeconds(30), Duration.ofMillis(50), () -> has(looker, marked)));
        found.add(OneNode.rows(looker, query));
      }
    }
    assertEquals(found.get(0), found.get(1));
    assertEquals(found.get(0), found.get(2));
    return found.get(0);
  }

  private static boolean has(Connection looker, List<String> marked) {
    try {
      return OneNode.rows(looker, "SELECT COUNT(*) FROM d.mark").equals(marked);
    } catch (SQLException notYet) {
      return false;
    }
  }

  @Test
  void values_that_nobody_can_repeat() throws Exception {
    OneNode.run(at(0), "CREATE TABLE u (id INT PRIMARY KEY, v CHAR(36) DEFAULT UUID(), n INT)");
    OneNode.run(at(1), "INSERT INTO u (id) SELECT seq FROM seq_1_to_300");
    OneNode.run(at(2), "UPDATE u SET v = UUID(), n = CONNECTION_ID() WHERE id > 100");
    assertEquals(300, everywhere("SELECT * FROM u ORDER BY id").size());
    assertEquals(List.of("300"), OneNode.rows(at(0), "SELECT COUNT(DISTINCT v) FROM u"));
  }

  @Test
  void ids_that_a_query_draws() throws Exception {
    OneNode.run(at(0), "CREATE TABLE ai (id INT AUTO_INCREMENT PRIMARY KEY, v INT)");
    OneNode.run(at(0), "INSERT INTO ai (v) SELECT seq FROM seq_1_to_10");
    OneNode.run(at(1), "INSERT INTO ai (v) SELECT v + 100 FROM ai");
    OneNode.run(at(2), "INSERT INTO ai (v) VALUES (7)");
    OneNode.run(at(1), "INSERT INTO ai (v) SELECT 8");
    List<String> rows = everywhere("SELECT * FROM ai ORDER BY id");
    assertEquals(22, rows.size());
  }

  /** Without it in the log, a captured write would be lost. */
  @Test
  void a_session_cannot_keep_its_rows_out_of_the_log() {
    assertEquals(1235, OneNode.error(at(0), "SET SESSION sql_log_bin = 0"));
    assertEquals(1235, OneNode.error(at(0), "SET binlog_row_image = 'MINIMAL'"));
    assertEquals(0, OneNode.error(at(0), "SET SESSION sql_log_bin = 1"));
  }

  @Test
  void some_rows_of_many() throws Exception {
    OneNode.run(at(0), "CREATE TABLE some (id INT PRIMARY KEY, v INT)");
    OneNode.run(at(0), "INSERT INTO some SELECT seq, seq % 7 FROM seq_1_to_100");
    try (Statement delete = at(1).createStatement()) {
      assertEquals(10, delete.executeUpdate("DELETE FROM some LIMIT 10"));
      assertEquals(20, delete.executeUpdate("UPDATE some SET v = -1 ORDER BY v LIMIT 20"));
    }
    assertEquals(90, everywhere("SELECT * FROM some ORDER BY id").size());
  }

  /** Of such a table the server may change another row than the one that was captured. */
  @Test
  void no_changes_where_a_unique_key_can_be_null_and_no_other_names_rows() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE nameless (a INT UNIQUE, b INT, c CHAR(36), KEY (b))",
        "INSERT INTO nameless VALUES (1, 1, UUID()), (2, 1, UUID()), (NULL, 1, UUID())",
        "UPDATE nameless SET c = 'x' WHERE a = 1");
    assertEquals(1235, OneNode.error(at(1), "UPDATE nameless SET b = 2 LIMIT 1"));
    assertEquals(1235, OneNode.error(at(2), "DELETE FROM nameless WHERE RAND() < 2"));
    OneNode.run(at(0), "BEGIN", "UPDATE nameless SET b = 2 LIMIT 1");
    assertEquals(1235, OneNode.error(at(0), "COMMIT"));
    OneNode.run(at(0), "ALTER TABLE nameless ADD PRIMARY KEY (c)");
    OneNode.run(at(1), "UPDATE nameless SET b = 2 LIMIT 1");
    assertEquals(3, everywhere("SELECT * FROM nameless ORDER BY c").size());
  }

  /** With one index alone the server goes on to the row that is the same. */
  @Test
  void changes_where_the_only_index_is_a_unique_key_that_can_be_null() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE sole (a INT UNIQUE, b INT)",
        "INSERT INTO sole VALUES (1, 1), (NULL, 1), (NULL, 2), (NULL, 3), (NULL, 3), (2, 4)");
    OneNode.run(at(1), "UPDATE sole SET b = b + 10 WHERE a IS NULL ORDER BY b DESC LIMIT 3");
    OneNode.run(at(2), "DELETE FROM sole WHERE b = 13 OR a = 1 ORDER BY a LIMIT 1");
    OneNode.run(at(0), "UPDATE sole SET a = 9, b = UUID_SHORT() * 0 WHERE b = 13 LIMIT 1");
    assertEquals(
        List.of("null|1", "null|12", "1|1", "2|4", "9|0"),
        everywhere("SELECT a, b FROM sole ORDER BY a, b"));
    OneNode.run(
        at(0),
        "CREATE TABLE virtually (a INT, b INT AS (a + 1) VIRTUAL UNIQUE)",
        "INSERT INTO virtually (a) VALUES (1), (NULL)");
    assertEquals(1235, OneNode.error(at(0), "UPDATE virtually SET a = 5 LIMIT 1"));
    OneNode.run(
        at(0),
        "CREATE TABLE many (a INT UNIQUE, b INT)",
        "INSERT INTO many SELECT NULL, seq FROM seq_1_to_4000",
        "ANALYZE TABLE many");
    assertEquals(1235, OneNode.error(at(0), "UPDATE many SET b = 2 ORDER BY b LIMIT 3000"));
  }

  /** A key that another gateway has acknowledged counts, however far behind this one's node is. */
  @Test
  void changes_at_one_gateway_once_another_has_added_the_primary_key() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE named (a INT UNIQUE, b INT, KEY (b))",
        "INSERT INTO named VALUES (1, 1), (2, 1)");
    for (int i = 0; i < 20; i++) {
      OneNode.run(at(0), "ALTER TABLE named ADD PRIMARY KEY (a)");
      OneNode.run(at(1 + i % 2), "UPDATE named SET b = b + 1 LIMIT 1");
      OneNode.run(at(0), "ALTER TABLE named DROP PRIMARY KEY, MODIFY a INT NULL");
    }
    assertEquals(2, everywhere("SELECT * FROM named ORDER BY a").size());
  }

  /** Each would be searched from the first row, and the order would stand still meanwhile. */
  @Test
  void no_more_changes_of_a_table_without_index_than_nodes_find_soon() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE heap (a INT, b INT)",
        "INSERT INTO heap SELECT seq, 0 FROM seq_1_to_4000",
        "UPDATE heap SET b = 1",
        "DELETE FROM heap LIMIT 100");
    assertEquals(1235, OneNode.error(at(1), "UPDATE heap SET b = 2 ORDER BY a LIMIT 3000"));
    OneNode.run(at(1), "BEGIN", "UPDATE heap SET b = 2 ORDER BY a LIMIT 3000");
    assertEquals(1235, OneNode.error(at(1), "COMMIT"));
    assertEquals(List.of("3900|3900"), everywhere("SELECT COUNT(*), SUM(b) FROM heap"));
    OneNode.run(
        at(0),
        "CREATE TABLE pile (a INT, b INT)",
        "BEGIN",
        "INSERT INTO pile SELECT seq, 0 FROM seq_1_to_4000",
        "UPDATE pile SET b = 2 ORDER BY a LIMIT 3900");
    assertEquals(1235, OneNode.error(at(0), "COMMIT"));
    assertEquals(List.of("0"), everywhere("SELECT COUNT(*) FROM pile"));
    OneNode.run(
        at(2), "ALTER TABLE heap ADD KEY (a)", "UPDATE heap SET b = 2 ORDER BY a LIMIT 3000");
    assertEquals(List.of("6900"), everywhere("SELECT SUM(b) FROM heap"));
  }

  @Test
  void triggers_that_draw_ids() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE base (id INT PRIMARY KEY, v INT)",
        "CREATE TABLE told (id INT AUTO_INCREMENT PRIMARY KEY, what INT)",
        "CREATE TRIGGER tell AFTER INSERT ON base FOR EACH ROW"
            + " INSERT INTO told (what) VALUES (NEW.v)");
    for (int i = 0; i < 9; i++) {
      OneNode.run(at(i % 3), "INSERT INTO base VALUES (" + i + ", " + i * i + ")");
    }
    List<String> told = everywhere("SELECT * FROM told ORDER BY id");
    assertEquals(9, told.size());
    assertEquals(9, everywhere("SELECT * FROM base ORDER BY id").size());
  }

  @Test
  void procedures_with_results() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE p (id INT AUTO_INCREMENT PRIMARY KEY, v CHAR(36))",
        "CREATE PROCEDURE fill(IN many INT, OUT made INT) BEGIN"
            + " DECLARE i INT DEFAULT 0;"
            + " WHILE i < many DO INSERT INTO p (v) VALUES (UUID()); SET i = i + 1; END WHILE;"
            + " SELECT COUNT(*) INTO made FROM p; SELECT id, v FROM p ORDER BY id; END");
    try (CallableStatement call = at(1).prepareCall("{CALL fill(5, ?)}")) {
      call.registerOutParameter(1, Types.INTEGER);
      assertTrue(call.execute());
      List<String> shown = new ArrayList<>();
      try (ResultSet results = call.getResultSet()) {
        while (results.next()) {
          shown.add(results.getString(1) + "|" + results.getString(2));
        }
      }
      assertEquals(5, call.getInt(1));
      assertEquals(everywhere("SELECT id, v FROM p ORDER BY id"), shown);
    }
    OneNode.run(at(2), "CALL fill(2, @made)");
    assertEquals(List.of("7"), OneNode.rows(at(2), "SELECT @made"));
    assertEquals(7, everywhere("SELECT * FROM p ORDER BY id").size());
  }

  @Test
  void functions_that_write() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE fn (id INT AUTO_INCREMENT PRIMARY KEY, v INT)",
        "CREATE FUNCTION note(x INT) RETURNS INT MODIFIES SQL DATA BEGIN"
            + " INSERT INTO fn (v) VALUES (x); RETURN LAST_INSERT_ID(); END");
    assertEquals(List.of("1"), OneNode.rows(at(1), "SELECT note(5)"));
    assertEquals(List.of("2|6"), OneNode.rows(at(1), "SELECT note(6), 6"));
    assertEquals(List.of("1|5", "2|6"), everywhere("SELECT * FROM fn ORDER BY id"));
  }

  @Test
  void a_part_of_a_transaction() throws Exception {
    OneNode.run(
        at(1),
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(36), n INT)",
        "BEGIN",
        "INSERT INTO t (v, n) VALUES ('text', 1)",
        "INSERT INTO t (v, n) SELECT UUID(), 2 FROM seq_1_to_3",
        "SAVEPOINT s",
        "UPDATE t SET v = UUID() WHERE n = 2 LIMIT 2",
        "UPDATE t SET n = 9",
        "ROLLBACK TO s",
        "UPDATE t SET n = n + 10",
        "DELETE FROM t LIMIT 1");
    List<String> seen = OneNode.rows(at(1), "SELECT v, n FROM t ORDER BY id");
    OneNode.run(at(1), "COMMIT");
    assertEquals(3, seen.size());
    assertEquals(seen, everywhere("SELECT v, n FROM t ORDER BY id"));
  }

  /** A program may turn writing on at its session; the next statement finds it off again. */
  @Test
  void a_stored_program_cannot_open_a_way_past_the_order() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE way (id INT AUTO_INCREMENT PRIMARY KEY, v INT)",
        "CREATE PROCEDURE opens() BEGIN SET SESSION tx_read_only = 0; END",
        "CREATE PROCEDURE writes() BEGIN INSERT INTO way (v) VALUES (8); END",
        "CREATE FUNCTION opened() RETURNS INT BEGIN SET SESSION tx_read_only = 0; RETURN 1; END",
        "CREATE PROCEDURE unlogged() BEGIN SET SESSION sql_log_bin = 0;"
            + " INSERT INTO way (v) VALUES (9); END",
        "CREATE FUNCTION wayward() RETURNS INT MODIFIES SQL DATA BEGIN"
            + " INSERT INTO way (v) VALUES (1); RETURN 1; END");
    OneNode.run(at(1), "CALL opens()");
    OneNode.rows(at(1), "SELECT wayward()");
    OneNode.run(at(1), "BEGIN", "CALL opens()", "COMMIT");
    OneNode.rows(at(1), "SELECT wayward()");
    OneNode.run(at(1), "START TRANSACTION READ ONLY", "CALL opens()");
    assertEquals(1792, OneNode.error(at(1), "CALL writes()"));
    OneNode.run(at(1), "COMMIT");
    OneNode.rows(at(1), "SELECT opened()");
    OneNode.rows(at(1), "SELECT wayward()");
    try (Connection prepares = prepares();
        PreparedStatement unlocked = prepares.prepareStatement("SELECT opened() + ?");
        PreparedStatement wayward = prepares.prepareStatement("SELECT wayward() + ?")) {
      execute(unlocked);
      execute(wayward);
      OneNode.run(prepares, "BEGIN");
      execute(wayward);
      OneNode.run(prepares, "COMMIT");
    }
    assertEquals(1694, OneNode.error(at(1), "CALL unlogged()"));
    assertEquals(List.of("1", "1", "1", "1", "1"), everywhere("SELECT v FROM way"));
  }

  @Test
  void compound_statements_and_analyzed_writes_need_no_stored_program() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE loose (id INT AUTO_INCREMENT PRIMARY KEY, v CHAR(36))",
        "FOR i IN 1..3 DO INSERT INTO loose (v) VALUES (UUID()); END FOR",
        "BEGIN NOT ATOMIC DECLARE x INT DEFAULT 2; DELETE FROM loose WHERE id = x; END",
        "BEGIN",
        "IF 1 THEN INSERT INTO loose (v) VALUES ('in'); END IF",
        "COMMIT");
    OneNode.rows(at(1), "ANALYZE UPDATE loose SET v = 'told' WHERE id = 3");
    assertEquals(List.of("told", "in"), everywhere("SELECT v FROM loose WHERE id > 2 ORDER BY id"));
    assertEquals(3, everywhere("SELECT v FROM loose").size());
    OneNode.run(at(0), "CREATE SEQUENCE counts");
    String draws = "FOR i IN 1..2 DO INSERT INTO loose (v) VALUES (NEXTVAL(counts)); END FOR";
    assertEquals(1235, OneNode.error(at(0), draws));
    OneNode.run(at(0), "IF 1 THEN DROP TABLE loose; END IF");
    assertEquals(List.of(), everywhere("SHOW TABLES LIKE 'loose'"));
  }

  @Test
  void a_procedure_may_answer_rows_while_its_cursor_is_open() throws Exception {
    OneNode.run(
        at(0),
        "CREATE PROCEDURE walks() BEGIN DECLARE x INT;"
            + " DECLARE c CURSOR FOR SELECT seq FROM seq_1_to_3;"
            + " OPEN c; FETCH c INTO x; SELECT x; FETCH c INTO x; SELECT x; CLOSE c; END");
    assertEquals(List.of("1"), OneNode.rows(at(0), "CALL walks()"));
    try (Connection one = prepares();
        PreparedStatement prepared = one.prepareStatement("CALL walks()");
        ResultSet first = prepared.executeQuery()) {
      assertTrue(first.next() && prepared.getMoreResults());
      OneNode.run(one, "START TRANSACTION READ ONLY", "CALL walks()", "COMMIT");
    }
  }

  @Test
  void rows_of_a_temporary_table_reach_the_others() throws Exception {
    try (Connection one = prepares()) {
      OneNode.run(
          one,
          "CREATE TABLE lasting (id INT AUTO_INCREMENT PRIMARY KEY, v INT)",
          "CREATE TEMPORARY TABLE passing (v INT)",
          "INSERT INTO passing VALUES (1), (2)",
          "INSERT INTO lasting (v) SELECT v FROM passing",
          "BEGIN",
          "INSERT INTO passing VALUES (3)",
          "UPDATE lasting SET v = (SELECT MAX(v) FROM passing) WHERE id = 1",
          "COMMIT",
          "BEGIN",
          "INSERT INTO passing VALUES (4)",
          "INSERT INTO lasting (v) SELECT v FROM passing",
          "ROLLBACK");
      assertEquals(List.of("1", "2", "3"), OneNode.rows(one, "SELECT v FROM passing ORDER BY v"));
      String both = "UPDATE lasting, passing SET lasting.v = 5, passing.v = 5";
      assertEquals(1235, OneNode.error(one, both));
    }
    assertEquals(List.of("3", "2"), everywhere("SELECT v FROM lasting ORDER BY id"));
  }

  /** It could end the session's transaction, and turn writing on behind it. */
  @Test
  void a_stored_program_cannot_write_where_its_session_only_reads() throws Exception {
    String opens = " BEGIN SET SESSION tx_read_only = 0; INSERT INTO only_read VALUES (1); END";
    OneNode.run(
        at(0),
        "CREATE TABLE only_read (v INT)",
        "CREATE PROCEDURE opens_only()" + opens,
        "CREATE PROCEDURE ends_first()" + opens.replace("BEGIN", "BEGIN COMMIT;"),
        "CREATE PROCEDURE looks() BEGIN SELECT COUNT(*) FROM only_read; END");
    try (Connection one = prepares();
        PreparedStatement prepared = one.prepareStatement("CALL opens_only()")) {
      OneNode.run(one, "START TRANSACTION READ ONLY");
      assertEquals(List.of("0"), OneNode.rows(one, "CALL looks()"));
      assertEquals(1235, OneNode.error(one, "CALL ends_first()"));
      assertEquals(1792, OneNode.error(one, "CALL opens_only()"));
      OneNode.run(one, "COMMIT", "START TRANSACTION READ ONLY, WITH CONSISTENT SNAPSHOT");
      assertEquals(1235, OneNode.error(one, "CALL ends_first()"));
      OneNode.run(one, "COMMIT", "SET SESSION TRANSACTION READ ONLY");
      assertEquals(List.of("0"), OneNode.rows(one, "CALL looks()"));
      assertEquals(1235, OneNode.error(one, "CALL ends_first()"));
      assertEquals(1792, OneNode.error(one, "CALL opens_only()"));
      assertThrows(SQLException.class, prepared::executeQuery);
    }
    assertEquals(List.of(), everywhere("SELECT v FROM only_read"));
  }

  /** The text of the query does not say that it writes. */
  @Test
  void are_what_a_function_behind_a_view_writes() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE behind (v INT PRIMARY KEY)",
        "CREATE FUNCTION behind(x INT) RETURNS INT MODIFIES SQL DATA"
            + " BEGIN INSERT INTO behind VALUES (x); RETURN x; END",
        "CREATE TABLE wanted (x INT)",
        "INSERT INTO wanted VALUES (1)",
        "CREATE VIEW writes AS SELECT behind(x) AS v FROM wanted",
        "CREATE SEQUENCE numbers",
        "CREATE VIEW draws AS SELECT NEXTVAL(numbers) AS n");
    try (Connection one = prepares();
        PreparedStatement prepared = one.prepareStatement("SELECT * FROM writes")) {
      assertEquals(List.of("1"), OneNode.rows(one, "SELECT * FROM writes"));
      OneNode.run(one, "UPDATE wanted SET x = 2");
      prepared.executeQuery().close();
      OneNode.run(one, "UPDATE wanted SET x = 3", "BEGIN");
      assertEquals(List.of("3"), OneNode.rows(one, "SELECT * FROM writes"));
      OneNode.run(one, "COMMIT", "UPDATE wanted SET x = 4", "BEGIN");
      prepared.executeQuery().close();
      OneNode.run(one, "COMMIT", "UPDATE wanted SET x = 5", "BEGIN");
      assertEquals(List.of("5"), OneNode.rows(one, "SELECT * FROM writes"));
      OneNode.run(one, "ROLLBACK", "CREATE TEMPORARY TABLE mine (v INT)");
      for (String begin : List.of("DO 0", "BEGIN")) {
        OneNode.run(one, begin);
        for (String sql :
            List.of(
                "INSERT INTO mine SELECT v FROM writes",
                "UPDATE mine JOIN writes USING (v) SET mine.v = 0",
                "DELETE FROM mine WHERE v = (SELECT v FROM writes)",
                "INSERT INTO mine SELECT n FROM draws",
                "CREATE TEMPORARY TABLE other AS SELECT * FROM writes")) {
          assertEquals(1235, OneNode.error(one, sql), sql);
        }
        OneNode.run(one, "INSERT INTO mine SELECT x FROM wanted", "COMMIT");
      }
    }
    assertEquals(List.of("1", "2", "3", "4"), everywhere("SELECT v FROM behind ORDER BY v"));
  }

  private Connection prepares() throws SQLException {
    String url = cluster.nodes().get(2).jdbcUrl() + "&useServerPrepStmts=true";
    Connection client = DriverManager.getConnection(url);
    OneNode.run(client, "USE d");
    return client;
  }

  private static void execute(PreparedStatement statement) throws SQLException {
    statement.setInt(1, 1);
    statement.executeQuery().close();
  }

  @Test
  void what_a_procedure_did_before_its_error_stays() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE half (id INT PRIMARY KEY)",
        "CREATE PROCEDURE half(x INT) BEGIN INSERT INTO half VALUES (x);"
            + " INSERT INTO nowhere VALUES (1); END",
        "CREATE PROCEDURE defines(x INT) BEGIN INSERT INTO half (id) VALUES (x);"
            + " ALTER TABLE half ADD n INT; END");
    assertEquals(1146, OneNode.error(at(1), "CALL half(1)"));
    OneNode.run(at(1), "BEGIN");
    assertEquals(1146, OneNode.error(at(1), "CALL half(2)"));
    assertEquals(List.of("1", "2"), OneNode.rows(at(1), "SELECT id FROM half ORDER BY id"));
    OneNode.run(at(1), "CALL defines(3)", "ROLLBACK");
    assertEquals(1060, OneNode.error(at(1), "CALL defines(4)"));
    assertEquals(List.of("1", "2", "3", "4"), everywhere("SELECT id FROM half ORDER BY id"));
  }

  @Test
  void savepoints_set_before_anything_was_changed() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE sp (id INT PRIMARY KEY)",
        "CREATE PROCEDURE sp(x INT) BEGIN INSERT INTO sp VALUES (x); END",
        "BEGIN",
        "SAVEPOINT s",
        "CALL sp(1)",
        "ROLLBACK TO s",
        "CALL sp(2)",
        "COMMIT",
        "BEGIN",
        "SAVEPOINT s",
        "CALL sp(3)",
        "ROLLBACK TO s",
        "COMMIT");
    assertEquals(List.of("2"), everywhere("SELECT id FROM sp"));
  }

  /** What the savepoint undoes is in no binary log, and yet the client has looked at it. */
  @Test
  void what_a_client_looked_at_before_it_went_back_to_a_savepoint() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE back (id INT PRIMARY KEY, n INT)",
        "INSERT INTO back VALUES (1, 1), (2, 2), (3, 3)",
        "CREATE PROCEDURE back() UPDATE back SET n = n + 100");
    OneNode.run(at(1), "BEGIN", "INSERT INTO back VALUES (4, 4)", "SAVEPOINT s");
    OneNode.run(at(1), "DELETE FROM back LIMIT 1");
    assertEquals(List.of("3"), OneNode.rows(at(1), "SELECT COUNT(*) FROM back"));
    OneNode.run(at(1), "CALL back()", "UPDATE back SET n = 0 WHERE n > 102");
    assertEquals(List.of("102"), OneNode.rows(at(1), "SELECT SUM(n) FROM back FOR UPDATE"));
    OneNode.run(at(1), "SAVEPOINT inner_one", "CALL back()", "ROLLBACK TO s");
    OneNode.run(at(1), "UPDATE back SET n = 5 WHERE id = 2", "COMMIT");
    assertEquals(List.of("1|1", "2|5", "3|3", "4|4"), everywhere("SELECT * FROM back ORDER BY id"));
  }

  @Test
  void files_that_clients_load(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("rows.csv"), "7,x\n8,y\n9,z\n");
    String load = "LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE ld FIELDS TERMINATED BY ','";
    OneNode.run(
        at(0),
        "CREATE TABLE ld (id INT AUTO_INCREMENT PRIMARY KEY, n INT, v VARCHAR(9), u CHAR(36))");
    OneNode.run(at(1), load + " (n, @v) SET v = UPPER(@v), u = UUID()");
    assertEquals(3, everywhere("SELECT id FROM ld").size());
    OneNode.run(
        at(2),
        "BEGIN",
        load + " (n, v)",
        "UPDATE ld SET n = 70 WHERE n = 7 ORDER BY id LIMIT 1",
        "SAVEPOINT s",
        load + " (n, v)",
        "ROLLBACK TO s",
        "COMMIT");
    assertEquals(1146, OneNode.error(at(2), load.replace("ld", "nowhere")));
    assertEquals(
        List.of("70|X", "8|Y", "9|Z", "7|x", "8|y", "9|z"),
        everywhere("SELECT n, v FROM ld ORDER BY id"));
    assertEquals(4, everywhere("SELECT DISTINCT u FROM ld").size());
  }

  @Test
  void tables_made_from_queries() throws Exception {
    OneNode.run(
        at(1),
        "CREATE TABLE src (id INT PRIMARY KEY, v VARCHAR(9) CHARACTER SET latin1 NOT NULL)",
        "INSERT INTO src VALUES (1, 'a'), (2, 'b'), (3, 'c')",
        "CREATE TABLE made (n INT AUTO_INCREMENT PRIMARY KEY, g INT AS (id * 2), KEY (v))"
            + " COMMENT 'of a query' SELECT id, v, UUID() AS u FROM src",
        "INSERT INTO made (id, v, u) VALUES (9, 'z', UUID())",
        "CREATE TABLE IF NOT EXISTS made SELECT 5 AS other",
        "CREATE TABLE d.again AS (SELECT v FROM src LIMIT 2)",
        "CREATE OR REPLACE TABLE again (x INT UNIQUE) SELECT id + 1 AS x FROM src");
    assertEquals(1050, OneNode.error(at(1), "CREATE TABLE made SELECT 1 AS x"));
    assertEquals(
        1062, OneNode.error(at(1), "CREATE TABLE twice (x INT UNIQUE) SELECT 1 AS x FROM src"));
    assertEquals(1146, OneNode.error(at(1), "SELECT * FROM twice"));
    assertEquals(
        List.of("1|1|a|2", "2|2|b|4", "3|3|c|6", "4|9|z|18"),
        everywhere("SELECT n, id, v, g FROM made ORDER BY n"));
    assertEquals(4, everywhere("SELECT DISTINCT u FROM made").size());
    assertEquals(List.of("2", "3", "4"), everywhere("SELECT x FROM again ORDER BY x"));
  }

  @Test
  void and_text_give_the_rows_of_a_system_versioned_table_the_same_times_everywhere()
      throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE hv (id INT PRIMARY KEY, v INT) WITH SYSTEM VERSIONING",
        "CREATE TABLE hp (id INT PRIMARY KEY, v INT, s TIMESTAMP(6) GENERATED ALWAYS AS ROW START,"
            + " e TIMESTAMP(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e))"
            + " WITH SYSTEM VERSIONING",
        "CREATE TABLE ha (id INT PRIMARY KEY, v INT)",
        "INSERT INTO ha VALUES (1, 1), (2, 2)",
        "ALTER TABLE ha ADD SYSTEM VERSIONING",
        "CREATE PROCEDURE hc() UPDATE hv SET v = 50 WHERE id = 3");
    for (String table : List.of("hv", "hp", "ha")) {
      OneNode.run(
          at(0),
          "INSERT INTO " + table + " (id, v) VALUES (3, 3), (4, 4), (5, 5)",
          "UPDATE " + table + " SET v = v + 1 WHERE id = 3",
          "DELETE FROM " + table + " WHERE id = 4",
          "UPDATE " + table + " SET v = v + 10 LIMIT 1",
          "REPLACE INTO " + table + " (id, v) VALUES (5, 6)",
          "BEGIN",
          "UPDATE " + table + " SET v = 7 WHERE id = 3",
          "UPDATE " + table + " SET v = 8 LIMIT 1",
          "COMMIT");
    }
    OneNode.run(at(0), "CALL hc()");
    assertEquals(
        List.of("3|3", "3|4", "3|14", "3|7", "3|8", "3|50", "4|4", "5|5", "5|6"),
        everywhere("SELECT id, v FROM hv FOR SYSTEM_TIME ALL ORDER BY id, row_start, row_end"));
    everywhere("SELECT *, row_start, row_end FROM hv FOR SYSTEM_TIME ALL ORDER BY 1, 3, 4");
    everywhere("SELECT * FROM hp FOR SYSTEM_TIME ALL ORDER BY 1, 3, 4");
    everywhere("SELECT *, row_start, row_end FROM ha FOR SYSTEM_TIME ALL ORDER BY 1, 3, 4");
    OneNode.run(at(0), "DELETE HISTORY FROM hv BEFORE SYSTEM_TIME NOW(6)");
    assertEquals(
        List.of("3|50", "5|6"), everywhere("SELECT id, v FROM hv FOR SYSTEM_TIME ALL ORDER BY id"));
    assertEquals(
        1235,
        OneNode.error(
            at(0),
            "CREATE TABLE hl (id INT) WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME LIMIT 9"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PRIMARY KEY", "UNIQUE"})
  void from_three_gateways_at_once_lose_nothing(String key) throws Exception {
    OneNode.run(
        at(0),
        "CREATE OR REPLACE TABLE c (id INT " + key + ", n INT, u CHAR(36))",
        "INSERT INTO c VALUES (1, 0, '')");
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Future<Integer>> done = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int gateway = i;
      Callable<Integer> work = () -> increments(gateway);
      done.add(threads.submit(work));
    }
    int all = 0;
    for (Future<Integer> one : done) {
      all += one.get(2, TimeUnit.MINUTES);
    }
    threads.shutdown();
    assertEquals(
        List.of("" + all), everywhere("SELECT n FROM c"), "every acknowledged increment counts");
    assertTrue(all > 0);
  }

  /** Rows that were captured before a text's place must not undo what that has done. */
  private int increments(int gateway) throws SQLException {
    int acknowledged = 0;
    for (int i = 0; i < 30; i++) {
      int error = OneNode.error(at(gateway), gateway == 0 ? AS_TEXT : AS_ROWS);
      assertTrue(error == 0 || error == 1213, "error " + error);
      acknowledged += error == 0 ? 1 : 0;
    }
    return acknowledged;
  }
}
