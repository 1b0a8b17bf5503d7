package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a stored procedure commits stays on every node, and what it rolls back is nowhere. */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class A_procedure_that_commits {
  /** By so many connections a gateway has given one of them another master. */
  private static final int ROOTS_MAX = 9;

  private static final String IDS = "SELECT id FROM d.t ORDER BY id";

  private final List<Connection> clients = new ArrayList<>();
  private LiveCluster cluster;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    cluster = OneNode.cluster(folder, 3);
    for (NodeProcess node : cluster.nodes()) {
      clients.add(DriverManager.getConnection(node.jdbcUrl()));
    }
    OneNode.run(
        at(0),
        "CREATE DATABASE d",
        "CREATE TABLE d.t (id INT PRIMARY KEY)",
        "CREATE TABLE d.log (id INT AUTO_INCREMENT PRIMARY KEY, m VARCHAR(20))",
        "CREATE PROCEDURE d.moves(IN x INT, OUT y INT) BEGIN"
            + " DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK;"
            + " INSERT INTO log (m) VALUES ('undone'); RESIGNAL; END;"
            + " START TRANSACTION; INSERT INTO t VALUES (x); INSERT INTO t VALUES (x + 1);"
            + " COMMIT; SET y = x * 2; SELECT id FROM t WHERE id = x; END",
        "CREATE PROCEDURE d.some() BEGIN"
            + " SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
            + " START TRANSACTION; INSERT INTO t VALUES (10); COMMIT WORK;"
            + " START TRANSACTION; INSERT INTO t VALUES (11); ROLLBACK;"
            + " INSERT INTO t VALUES (12); ROLLBACK;"
            + " START TRANSACTION; INSERT INTO t VALUES (13); INSERT INTO t VALUES (10);"
            + " COMMIT; END",
        "CREATE PROCEDURE d.ends(x INT) BEGIN INSERT INTO t VALUES (x); COMMIT; END",
        "CREATE PROCEDURE d.calls() BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION ROLLBACK;"
            + " INSERT INTO t VALUES (20); CALL ends(21); CALL d.ends(22); END",
        "CREATE PROCEDURE d.may_end(x INT) BEGIN INSERT INTO t VALUES (x);"
            + " IF x > 60 THEN COMMIT; END IF; END",
        "CREATE PROCEDURE d.opens() BEGIN START TRANSACTION; INSERT INTO t VALUES (30); END",
        "CREATE PROCEDURE d.goes_on(x INT) BEGIN INSERT INTO t VALUES (x); COMMIT;"
            + " INSERT INTO t VALUES (x + 1); END",
        "CREATE PROCEDURE d.chains() BEGIN INSERT INTO t VALUES (40); COMMIT AND CHAIN; END",
        "CREATE PROCEDURE d.stages(x INT) BEGIN DROP TABLE IF EXISTS stage;"
            + " CREATE TEMPORARY TABLE stage (n INT) ENGINE=MEMORY; INSERT INTO stage VALUES (x);"
            + " INSERT INTO t VALUES (x + 100); TRUNCATE TABLE t; INSERT INTO t SELECT n + 1 FROM stage;"
            + " TRUNCATE stage; SELECT COUNT(*) FROM stage; DROP TABLE stage; END",
        "CREATE PROCEDURE d.sets(x INT) BEGIN"
            + " DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; SET autocommit = 1; END;"
            + " SET autocommit = 0; INSERT INTO t VALUES (x); COMMIT; INSERT INTO t VALUES (x + 1);"
            + " INSERT INTO t VALUES (x); COMMIT; SET autocommit = 1; END",
        "CREATE PROCEDURE d.remembers(x INT) BEGIN"
            + " CREATE OR REPLACE TEMPORARY TABLE d.memory (n INT) ENGINE = MEMORY;"
            + " INSERT INTO d.memory VALUES (x); INSERT INTO t SELECT n FROM d.memory; END",
        "CREATE PROCEDURE d.hides(how TEXT) BEGIN"
            + " DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END;"
            + " INSERT INTO t VALUES (70); EXECUTE IMMEDIATE how; INSERT INTO t VALUES (71); END",
        "CREATE USER clerk IDENTIFIED BY 'clerk'");
  }

  @AfterAll
  void stop() throws Exception {
    for (Connection client : clients) {
      client.close();
    }
    cluster.close();
  }

  @BeforeEach
  void emptied() throws SQLException {
    OneNode.run(at(0), "DELETE FROM d.t", "DELETE FROM d.log");
  }

  private Connection at(int node) {
    return clients.get(node);
  }

  private List<String> everywhere(String query) throws SQLException {
    List<String> first = strongly(at(0), query);
    assertEquals(first, strongly(at(1), query));
    assertEquals(first, strongly(at(2), query));
    return first;
  }

  private static List<String> strongly(Connection client, String query) throws SQLException {
    OneNode.run(client, "SET lockstep_consistency = 'strong'");
    List<String> rows = OneNode.rows(client, query);
    OneNode.run(client, "SET lockstep_consistency = 'session'");
    return rows;
  }

  @Test
  void answers_with_rows_and_parameters_and_keeps_what_it_committed() throws Exception {
    OneNode.run(at(1), "CALL d.moves(1, @y)");
    assertEquals(List.of("2"), OneNode.rows(at(1), "SELECT ROW_COUNT()"));
    assertEquals(List.of("2"), OneNode.rows(at(1), "SELECT @y"));
    assertEquals(List.of("1", "2"), everywhere(IDS));
  }

  @Test
  void keeps_nothing_of_what_it_rolled_back() throws Exception {
    OneNode.run(at(0), "INSERT INTO d.t VALUES (2)");
    assertEquals(1062, OneNode.error(at(1), "CALL d.moves(1, @y)"));
    String told = OneNode.rows(at(1), "SHOW WARNINGS").toString();
    assertTrue(told.contains("1062") && !told.contains("lockstep_run_"), told);
    assertEquals(List.of("2"), everywhere(IDS));
    assertEquals(List.of("undone"), everywhere("SELECT m FROM d.log"));
  }

  @Test
  void that_an_error_ends_keeps_what_it_had_committed() throws Exception {
    assertEquals(1062, OneNode.error(at(2), "CALL d.some()"));
    assertEquals(List.of("10", "12"), everywhere(IDS));
  }

  @Test
  void is_called_by_another_one() throws Exception {
    OneNode.run(at(1), "CALL d.calls()");
    assertEquals(List.of("20", "21", "22"), everywhere(IDS));
  }

  @Test
  void without_autocommit_has_committed_when_the_client_rolls_back() throws Exception {
    try (Connection one = DriverManager.getConnection(cluster.nodes().get(2).jdbcUrl())) {
      OneNode.run(one, "SET autocommit = 0");
      OneNode.rows(one, IDS);
      OneNode.run(one, "CALL d.moves(1, @y)");
      assertFalse(one.getAutoCommit(), "the flags say what the session has");
      OneNode.run(one, "CALL d.ends(3)", "ROLLBACK");
    }
    assertEquals(List.of("1", "2", "3"), everywhere(IDS));
  }

  @Test
  void is_refused_where_it_would_leave_a_transaction_open() throws Exception {
    assertEquals(1235, OneNode.error(at(0), "CALL d.opens()"));
    assertEquals(1235, OneNode.error(at(0), "CALL d.chains()"));
    OneNode.run(at(0), "CALL d.goes_on(50)", "SET autocommit = 0");
    assertEquals(1235, OneNode.error(at(0), "CALL d.goes_on(52)"));
    OneNode.run(at(0), "SET autocommit = 1", "BEGIN");
    assertEquals(1235, OneNode.error(at(0), "CALL d.ends(60)"));
    OneNode.run(at(0), "COMMIT");
    assertEquals(List.of("50", "51"), everywhere(IDS));
  }

  @Test
  void may_be_called_by_those_alone_who_may_call_it_now() throws Exception {
    String url = cluster.nodes().get(1).jdbcUrl().replace("user=root", "user=clerk");
    try (Connection clerk = DriverManager.getConnection(url + "&password=clerk")) {
      assertEquals(1370, OneNode.error(clerk, "CALL d.ends(1)"));
      OneNode.run(at(1), "GRANT EXECUTE ON PROCEDURE d.ends TO clerk");
      OneNode.run(clerk, "CALL d.ends(2)");
      assertEquals(1318, OneNode.error(clerk, "CALL d.ends()"));
      assertEquals(1370, OneNode.error(clerk, "CALL d.calls()"));
      OneNode.run(at(1), "REVOKE EXECUTE ON PROCEDURE d.ends FROM clerk");
      assertEquals(1370, OneNode.error(clerk, "CALL d.ends(3)"));
    }
    assertEquals(List.of("2"), everywhere(IDS));
  }

  @Test
  void may_be_called_by_those_alone_also_where_a_revocation_is_yet_to_be_applied()
      throws Exception {
    NodeProcess node = cluster.nodes().get(1);
    String url = node.jdbcUrl().replace("user=root", "user=clerk") + "&password=clerk";
    List<Connection> roots = new ArrayList<>();
    try (Connection clerk = DriverManager.getConnection(url)) {
      OneNode.run(at(1), "GRANT EXECUTE ON PROCEDURE d.ends TO clerk");
      OneNode.run(clerk, "CALL d.ends(1)");
      NodeProcess master = master(clerk);
      do {
        roots.add(DriverManager.getConnection(node.jdbcUrl()));
      } while (master(roots.get(roots.size() - 1)).equals(master) && roots.size() < ROOTS_MAX);
      Connection root = roots.get(roots.size() - 1);
      assertNotEquals(master, master(root));
      try (Connection database = DriverManager.getConnection(master.databaseUrl())) {
        OneNode.run(database, "FLUSH TABLES WITH READ LOCK");
        OneNode.run(root, "REVOKE EXECUTE ON PROCEDURE d.ends FROM clerk");
        CompletableFuture<Integer> called =
            CompletableFuture.supplyAsync(() -> OneNode.error(clerk, "CALL d.ends(2)"));
        Thread.sleep(50);
        OneNode.run(database, "UNLOCK TABLES");
        assertEquals(1370, called.get(1, TimeUnit.MINUTES));
      }
    } finally {
      for (Connection root : roots) {
        root.close();
      }
    }
    assertEquals(List.of("1"), everywhere(IDS));
  }

  private NodeProcess master(Connection client) throws SQLException {
    int port = Integer.parseInt(OneNode.rows(client, "SELECT @@port").get(0));
    return cluster.nodes().stream()
        .filter(node -> node.databasePort() == port)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void is_found_anew_when_its_schema_was() throws Exception {
    for (int i = 0; i < 3; i++) {
      OneNode.run(
          at(i),
          "CREATE DATABASE again",
          "CREATE TABLE again.t (id INT PRIMARY KEY)",
          "CREATE PROCEDURE again.ends() BEGIN INSERT INTO t VALUES (1); COMMIT; END",
          "CALL again.ends()");
      assertEquals(List.of("1"), OneNode.rows(at(i), "SELECT id FROM again.t"));
      OneNode.run(at(i), "DROP DATABASE again");
    }
  }

  @Test
  void is_prepared_as_any_other() throws Exception {
    String url = cluster.nodes().get(2).jdbcUrl() + "&useServerPrepStmts=true";
    try (Connection one = DriverManager.getConnection(url);
        CallableStatement call = one.prepareCall("CALL d.moves(?, ?)")) {
      for (int x : new int[] {1, 3}) {
        call.setInt(1, x);
        call.registerOutParameter(2, Types.INTEGER);
        call.execute();
        assertEquals(2 * x, call.getInt(2));
      }
    }
    assertEquals(List.of("1", "2", "3", "4"), everywhere(IDS));
  }

  @Test
  void leaves_no_procedure_that_a_client_would_list() throws Exception {
    OneNode.run(at(0), "CALL d.ends(1)");
    String listed =
        OneNode.rows(at(0), "SELECT ROUTINE_NAME FROM information_schema.ROUTINES")
            + ""
            + OneNode.rows(at(0), "SHOW PROCEDURE STATUS WHERE Name LIKE 'lockstep%'");
    assertTrue(listed.contains("ends"), listed);
    assertTrue(!listed.contains("lockstep_run_"), listed);
    assertEquals(1235, OneNode.error(at(0), "CALL d.lockstep_run_1()"));
  }

  @Test
  void drops_and_empties_tables_on_its_way() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertEquals(List.of("0"), OneNode.rows(at(i), "CALL d.stages(" + i + ")"));
      assertEquals(List.of(String.valueOf(i + 1)), everywhere(IDS));
    }
    assertEquals(1146, OneNode.error(at(0), "SELECT * FROM d.stage"));
    OneNode.run(at(1), "CREATE TRIGGER d.gone AFTER DELETE ON d.t FOR EACH ROW SET @gone = 1");
    assertEquals(1235, OneNode.error(at(1), "CALL d.stages(8)"));
    OneNode.run(at(1), "DROP TRIGGER d.gone");
    assertEquals(List.of("3"), everywhere(IDS));
  }

  @Test
  void says_itself_when_a_transaction_begins() throws Exception {
    OneNode.run(at(1), "CALL d.sets(5)");
    assertTrue(at(1).getAutoCommit());
    assertEquals(List.of("5"), everywhere(IDS));
  }

  @Test
  void makes_temporary_tables_of_another_engine_in_a_transaction_too() throws Exception {
    OneNode.run(at(2), "CALL d.remembers(1)", "BEGIN", "CALL d.remembers(2)", "ROLLBACK");
    OneNode.run(at(2), "SET autocommit = 0", "CALL d.remembers(3)", "ROLLBACK");
    OneNode.run(at(2), "CALL d.remembers(4)", "COMMIT", "SET autocommit = 1");
    assertEquals(List.of("4"), OneNode.rows(at(2), "SELECT n FROM d.memory"));
    assertEquals(List.of("1", "4"), everywhere(IDS));
  }

  @Test
  void belongs_to_its_clients_transaction_where_it_ends_none() throws Exception {
    OneNode.run(at(0), "BEGIN", "CALL d.may_end(1)", "ROLLBACK");
    OneNode.run(at(0), "BEGIN", "CALL d.may_end(2)");
    assertEquals(1235, OneNode.error(at(0), "CALL d.may_end(61)"));
    OneNode.run(at(0), "COMMIT");
    assertEquals(List.of("2"), everywhere(IDS));
  }

  @Test
  void cannot_hide_that_it_was_refused_a_definition() throws Exception {
    String defines = "CALL d.hides('CREATE TABLE d.hidden (id INT)')";
    String compound =
        "BEGIN NOT ATOMIC DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END;"
            + " INSERT INTO d.t VALUES (72); CREATE TABLE d.hidden (id INT); END";
    String calls = "BEGIN NOT ATOMIC " + defines + "; END";
    assertEquals(1235, OneNode.error(at(0), compound));
    assertEquals(1235, OneNode.error(at(0), calls));
    OneNode.run(at(0), "BEGIN");
    assertEquals(1235, OneNode.error(at(0), compound));
    OneNode.run(at(0), "COMMIT");
    assertEquals(List.of(), everywhere(IDS));
    OneNode.run(at(0), "CALL d.hides('INSERT INTO t VALUES (70)')");
    assertEquals(List.of("70", "71"), everywhere(IDS));
    OneNode.run(at(0), "BEGIN", "DELETE FROM d.t", defines, "ROLLBACK");
    assertEquals(List.of("70", "71"), everywhere(IDS));
    assertEquals(List.of(), everywhere("SELECT * FROM d.hidden"));
  }
}
