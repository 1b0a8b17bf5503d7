package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a stored procedure defines is defined on every node, at its place between its writes. */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class A_procedure_that_defines {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final List<Connection> clients = new ArrayList<>();
  private LiveCluster cluster;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    cluster = OneNode.cluster(folder, 3);
    for (NodeProcess node : cluster.nodes()) {
      clients.add(DriverManager.getConnection(node.jdbcUrl() + "&useServerPrepStmts=true"));
    }
    for (Connection client : clients) {
      OneNode.run(client, "SET SESSION lockstep_consistency = 'strong'");
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

  /** A schema of its own, which every client uses, with a procedure of this body. */
  private void procedure(String schema, String parameters, String body, String... before)
      throws Exception {
    OneNode.run(at(0), "CREATE DATABASE " + schema);
    for (Connection client : clients) {
      Waiting.until("the schema", SOON, PAUSE, () -> OneNode.error(client, "USE " + schema) == 0);
    }
    OneNode.run(at(0), before);
    OneNode.run(at(0), "CREATE PROCEDURE p(" + parameters + ") " + body);
  }

  private List<String> everywhere(String query) throws SQLException {
    List<String> first = OneNode.rows(at(0), query);
    for (Connection client : clients) {
      assertEquals(first, OneNode.rows(client, query));
    }
    return first;
  }

  @Test
  void adds_what_is_missing_once() throws Exception {
    procedure(
        "adds",
        "",
        "BEGIN IF NOT EXISTS (SELECT * FROM information_schema.columns"
            + " WHERE table_schema = DATABASE() AND table_name = 't' AND column_name = 'c') THEN"
            + " ALTER TABLE t ADD COLUMN c INT DEFAULT 7; END IF; END",
        "CREATE TABLE t (id INT PRIMARY KEY)",
        "INSERT INTO t VALUES (1)");
    OneNode.run(at(0), "CALL p()");
    OneNode.run(at(1), "CALL p()", "INSERT INTO t VALUES (2, 8)");
    assertEquals(List.of("1|7", "2|8"), everywhere("SELECT * FROM t ORDER BY id"));
  }

  @Test
  void hears_in_the_servers_own_words_of_a_text_that_is_none() throws Exception {
    procedure(
        "hears",
        "",
        "BEGIN DECLARE m TEXT; DECLARE CONTINUE HANDLER FOR SQLEXCEPTION"
            + " BEGIN GET DIAGNOSTICS CONDITION 1 m = MESSAGE_TEXT; INSERT INTO said VALUES (m); END;"
            + " EXECUTE IMMEDIATE CONCAT('CREATE TABLE w (id INT) = NOTHING OF THAT KIND');"
            + " EXECUTE IMMEDIATE CONCAT('CREATE TABLE w (id INT)'); END",
        "CREATE TABLE said (m TEXT)");
    OneNode.run(at(1), "CALL p()");
    List<String> said = everywhere("SELECT m FROM said");
    assertEquals(1, said.size(), said::toString);
    assertTrue(said.get(0).endsWith("to use near '= NOTHING OF THAT KIND' at line 1"), said.get(0));
    assertEquals(List.of("w"), everywhere("SHOW TABLES LIKE 'w'"));
  }

  @Test
  void goes_on_with_what_it_has_defined_and_keeps_what_it_had_written() throws Exception {
    procedure(
        "goes",
        "n INT",
        "BEGIN DECLARE i INT DEFAULT 0; WHILE i < n DO INSERT INTO t VALUES (i); SET i = i + 1;"
            + " END WHILE; CREATE TABLE u (k INT PRIMARY KEY); INSERT INTO u SELECT id * 2 FROM t;"
            + " ALTER TABLE u ADD v INT DEFAULT 5; UPDATE u SET v = k WHERE k > 1;"
            + " INSERT INTO u VALUES (2, 2); END",
        "CREATE TABLE t (id INT PRIMARY KEY)");
    assertEquals(1062, OneNode.error(at(2), "CALL p(3)"));
    assertEquals(List.of("0|5", "2|2", "4|4"), everywhere("SELECT * FROM u ORDER BY k"));
  }

  @Test
  void drops_what_it_has_made() throws Exception {
    procedure(
        "drops",
        "",
        "BEGIN DROP TABLE IF EXISTS u; CREATE TABLE u (id INT); INSERT INTO u VALUES (1);"
            + " EXECUTE IMMEDIATE CONCAT('CREATE TABLE ', 'w (id INT)'); INSERT INTO w VALUES (2);"
            + " INSERT INTO t SELECT u.id * 10 + w.id FROM u, w; DROP TABLE w; DROP TABLE u; END",
        "CREATE TABLE t (id INT)");
    OneNode.run(at(0), "CALL p()");
    OneNode.run(at(1), "CALL p()");
    assertEquals(List.of("12", "12"), everywhere("SELECT id FROM t"));
    assertEquals(List.of("t"), everywhere("SHOW TABLES"));
  }

  @Test
  void handles_the_errors_of_its_definitions() throws Exception {
    procedure(
        "handles",
        "",
        "BEGIN DECLARE CONTINUE HANDLER FOR 1050 SELECT 'there already';"
            + " DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN GET DIAGNOSTICS CONDITION 1"
            + " @code = MYSQL_ERRNO; INSERT INTO t VALUES (@code); RESIGNAL; END;"
            + " CREATE TABLE t (x INT); INSERT INTO t VALUES (1); ALTER TABLE nosuch ADD y INT; END",
        "CREATE TABLE t (id INT PRIMARY KEY)");
    assertEquals(1146, OneNode.error(at(1), "CALL p()"));
    assertEquals(List.of("1", "1146"), everywhere("SELECT * FROM t ORDER BY id"));
  }

  @Test
  void runs_texts_that_define_and_others() throws Exception {
    procedure(
        "texts",
        "name VARCHAR(20), x INT",
        "BEGIN SET @s = CONCAT('CREATE TABLE ', name, ' (id INT PRIMARY KEY, v INT)');"
            + " PREPARE st FROM @s; EXECUTE st; DEALLOCATE PREPARE st;"
            + " PREPARE st FROM 'INSERT INTO log VALUES (?)'; SET @a = x; EXECUTE st USING @a;"
            + " EXECUTE IMMEDIATE CONCAT('INSERT INTO ', name, ' VALUES (?, ?)') USING x, x + 1;"
            + " EXECUTE IMMEDIATE CONCAT('SELECT v FROM ', name); END",
        "CREATE TABLE log (id INT)");
    assertEquals(List.of("6"), OneNode.rows(at(0), "CALL p('one', 5)"));
    try (PreparedStatement call = at(1).prepareStatement("CALL p(?, ?)")) {
      call.setString(1, "two");
      call.setInt(2, 7);
      call.execute();
    }
    assertEquals(List.of("5|6", "7|8"), everywhere("SELECT * FROM one UNION SELECT * FROM two"));
    assertEquals(List.of("5", "7"), everywhere("SELECT * FROM log ORDER BY id"));
  }

  @Test
  void is_called_at_every_gateway_at_once() throws Exception {
    procedure(
        "crowd",
        "w INT, k INT",
        "BEGIN UPDATE n SET v = v + 1; INSERT INTO log (w) VALUES (w);"
            + " EXECUTE IMMEDIATE CONCAT('CREATE TABLE w', w, '_', k, ' (id INT)');"
            + " INSERT INTO log (w) VALUES (w); END",
        "CREATE TABLE n (v INT PRIMARY KEY)",
        "INSERT INTO n VALUES (0)",
        "CREATE TABLE log (id INT AUTO_INCREMENT PRIMARY KEY, w INT)");
    List<CompletableFuture<Integer>> calls =
        IntStream.range(0, 3)
            .mapToObj(w -> CompletableFuture.supplyAsync(() -> callFiveTimes(w)))
            .toList();
    int whole = 0;
    for (CompletableFuture<Integer> call : calls) {
      whole += call.get();
    }
    // 1180 behind a definition undoes what was done since, and no more.
    assertTrue(whole > 0);
    List<String> begun = everywhere("SELECT v FROM n");
    assertEquals(begun, everywhere("SELECT COUNT(*) - " + whole + " FROM log"));
    assertEquals(
        begun,
        everywhere(
            "SELECT COUNT(*) - 2 FROM information_schema.tables WHERE table_schema = 'crowd'"));
  }

  /** How many of the calls came to their end. */
  private int callFiveTimes(int w) {
    int whole = 0;
    for (int k = 0; k < 5; k++) {
      int error = OneNode.error(at(w), "CALL p(" + w + ", " + k + ")");
      assertTrue(error == 0 || error == 1180, () -> "error " + error);
      whole += error == 0 ? 1 : 0;
    }
    return whole;
  }

  /** 1213 would promise that nothing has happened. */
  @Test
  void is_told_as_1180_where_another_write_was_faster_behind_its_definition() throws Exception {
    procedure(
        "faster",
        "",
        "BEGIN CREATE TABLE made (id INT); UPDATE n SET v = v + 1 WHERE id = 1; DO SLEEP(5);"
            + " INSERT INTO log VALUES (1); END",
        "CREATE TABLE n (id INT PRIMARY KEY, v INT)",
        "INSERT INTO n VALUES (1, 0)",
        "CREATE TABLE log (id INT)");
    CompletableFuture<Integer> call =
        CompletableFuture.supplyAsync(() -> OneNode.error(at(0), "CALL p()"));
    Waiting.until(
        "the definition", SOON, PAUSE, () -> OneNode.error(at(1), "SELECT * FROM made") == 0);
    Thread.sleep(PAUSE.multipliedBy(5).toMillis());
    OneNode.run(at(1), "UPDATE n SET v = v + 10 WHERE id = 1");
    assertEquals(1180, call.get());
    assertEquals(List.of("10"), everywhere("SELECT v FROM n"));
    assertEquals(List.of(), everywhere("SELECT * FROM log UNION ALL SELECT * FROM made"));
  }

  @Test
  void defines_in_its_clients_own_name_only() throws Exception {
    procedure(
        "names",
        "",
        "SQL SECURITY INVOKER BEGIN CREATE TABLE t (id INT); END",
        "CREATE PROCEDURE of_root() BEGIN CREATE TABLE t (id INT); END",
        "CREATE USER caller IDENTIFIED BY 'x'",
        "GRANT EXECUTE ON names.* TO caller");
    int port = cluster.nodes().get(1).mysqlPort();
    String url = "jdbc:mariadb://127.0.0.1:" + port + "/names?allowPublicKeyRetrieval=true";
    try (Connection caller = DriverManager.getConnection(url, "caller", "x")) {
      assertEquals(1142, OneNode.error(caller, "CALL p()"));
      assertEquals(1235, OneNode.error(caller, "CALL of_root()"));
      OneNode.run(at(0), "GRANT CREATE ON names.* TO caller");
      assertEquals(0, OneNode.error(caller, "CALL p()"));
    }
    assertEquals(List.of(), everywhere("SELECT * FROM t"));
  }

  @Test
  void commits_what_its_client_has_begun_when_it_defines_something() throws Exception {
    procedure(
        "commits",
        "n INT",
        "BEGIN INSERT INTO t VALUES (n + 1); IF n < 10 THEN CREATE TABLE u (id INT); END IF;"
            + " INSERT INTO t VALUES (n + 2); END",
        "CREATE TABLE t (id INT)");
    OneNode.run(at(0), "BEGIN", "INSERT INTO t VALUES (0)", "CALL p(0)");
    assertEquals(List.of("2"), OneNode.rows(at(0), "SELECT ROW_COUNT()"));
    OneNode.run(at(0), "ROLLBACK");
    assertEquals(List.of("0", "1", "2"), everywhere("SELECT id FROM t ORDER BY id"));
    OneNode.run(at(1), "BEGIN", "INSERT INTO t VALUES (10)", "CALL p(10)", "ROLLBACK");
    assertEquals(List.of("0", "1", "2"), everywhere("SELECT id FROM t ORDER BY id"));
  }

  @Test
  void leaves_open_without_autocommit_what_it_does_behind_its_definitions() throws Exception {
    procedure(
        "leaves",
        "n INT",
        "BEGIN INSERT INTO t VALUES (n); CREATE OR REPLACE TABLE u (id INT);"
            + " INSERT INTO t VALUES (n + 1); INSERT INTO t VALUES (n + 2 - n MOD 2); END",
        "CREATE TABLE t (id INT PRIMARY KEY)");
    OneNode.run(at(0), "SET autocommit = 0", "CALL p(2)");
    assertEquals(List.of("2", "3", "4"), OneNode.rows(at(0), "SELECT id FROM t"));
    assertEquals(List.of("2"), OneNode.rows(at(1), "SELECT id FROM t"));
    OneNode.run(at(0), "ROLLBACK");
    assertEquals(List.of("2"), everywhere("SELECT id FROM t"));
    OneNode.run(at(0), "INSERT INTO t VALUES (20)");
    assertEquals(1062, OneNode.error(at(0), "CALL p(21)"));
    assertEquals(List.of("2", "20", "21"), OneNode.rows(at(1), "SELECT id FROM t"));
    OneNode.run(at(0), "INSERT INTO t VALUES (30)", "COMMIT", "SET autocommit = 1");
    assertEquals(List.of("2", "20", "21", "22", "30"), everywhere("SELECT id FROM t"));
  }

  @Test
  void need_not_be_stored() throws Exception {
    procedure("anonymous", "", "DO 0", "CREATE TABLE t (id INT PRIMARY KEY)");
    String once =
        "BEGIN NOT ATOMIC DECLARE i INT DEFAULT 0; IF NOT EXISTS (SELECT * FROM"
            + " information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'u') THEN"
            + " INSERT INTO t VALUES (i); CREATE TABLE u (k INT); SET i = i + 1; END IF;"
            + " INSERT INTO t VALUES (i * 10 + 1); END";
    OneNode.run(at(0), once);
    OneNode.run(at(1), once);
    assertEquals(1062, OneNode.error(at(1), once + ";"));
    assertEquals(
        "Note|4094|At line 1 in anonymous block", OneNode.rows(at(1), "SHOW WARNINGS").get(1));
    OneNode.run(at(2), "IF 1 THEN START TRANSACTION; INSERT INTO t VALUES (5); ROLLBACK; END IF");
    OneNode.run(at(2), "SET autocommit = 0", "DELETE FROM t WHERE id = 0");
    OneNode.run(
        at(2),
        "WHILE (SELECT COUNT(*) FROM t) < 3 DO INSERT INTO t VALUES (7);"
            + " ALTER TABLE u ADD v INT; DELETE FROM t WHERE id = 11; INSERT INTO t VALUES (8);"
            + " END WHILE",
        "ROLLBACK",
        "SET autocommit = 1");
    assertEquals(List.of("1", "7", "11"), everywhere("SELECT id FROM t"));
    assertEquals(List.of(), everywhere("SELECT v FROM u"));
  }

  /** It gets to its definition before it is known that it does. */
  @Test
  void changes_what_is_handed_to_it_once() throws Exception {
    procedure(
        "once",
        "INOUT n INT",
        "BEGIN DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END; SET n = n + 1;"
            + " ALTER TABLE t ADD c INT; END",
        "CREATE TABLE t (id INT)");
    OneNode.run(at(0), "SET @n = 4", "BEGIN", "INSERT INTO t VALUES (1)", "CALL p(@n)");
    assertEquals(List.of("5"), OneNode.rows(at(0), "SELECT @n"));
    assertEquals(List.of("1|null"), everywhere("SELECT * FROM t"));
  }

  @Test
  void commits_nothing_that_it_might_roll_back() throws Exception {
    procedure("undoes", "how TEXT", "EXECUTE IMMEDIATE how", "CREATE TABLE t (id INT)");
    OneNode.run(at(0), "BEGIN", "INSERT INTO t VALUES (1)");
    assertEquals(1235, OneNode.error(at(0), "CALL p('ROLLBACK')"));
    OneNode.run(at(0), "ROLLBACK", "BEGIN", "INSERT INTO t VALUES (2)");
    OneNode.run(at(0), "CALL p('CREATE TABLE u (id INT)')", "ROLLBACK");
    assertEquals(List.of("2"), everywhere("SELECT id FROM t"));
  }

  @Test
  void is_refused_where_a_definition_would_lose_what_the_session_has() throws Exception {
    procedure("open", "", "BEGIN CREATE TABLE t (id INT); END", "CREATE TABLE u (id INT)");
    OneNode.run(at(0), "CREATE TEMPORARY TABLE tmp (id INT)");
    assertEquals(1235, OneNode.error(at(0), "CALL p()"));
    OneNode.run(at(0), "BEGIN", "INSERT INTO u VALUES (1)");
    assertEquals(1235, OneNode.error(at(0), "CALL p()"));
    OneNode.run(at(0), "ROLLBACK");
    assertEquals(List.of(), everywhere("SELECT * FROM u"));
    OneNode.run(at(0), "DROP TEMPORARY TABLE tmp", "CALL p()");
    OneNode.run(at(0), "CREATE PROCEDURE looks() BEGIN ANALYZE TABLE u; END");
    assertEquals(1235, OneNode.error(at(0), "CALL looks()"));
    OneNode.run(
        at(0),
        "CREATE PROCEDURE remembers() BEGIN SET @x = 5; CREATE TABLE r AS SELECT @x AS x; END");
    assertEquals(1235, OneNode.error(at(0), "CALL remembers()"));
    OneNode.run(at(0), "DROP TABLE t", "LOCK TABLES u READ");
    assertEquals(1235, OneNode.error(at(0), "CALL p()"));
    OneNode.run(at(0), "UNLOCK TABLES");
  }

  @Test
  void can_be_interrupted_while_a_definition_waits() throws Exception {
    procedure(
        "waits",
        "",
        "BEGIN INSERT INTO log VALUES (1); ALTER TABLE t ADD c INT; INSERT INTO log VALUES (2); END",
        "CREATE TABLE t (id INT)",
        "CREATE TABLE log (id INT)");
    OneNode.run(at(1), "LOCK TABLES t WRITE");
    String id = OneNode.rows(at(0), "SELECT CONNECTION_ID()").get(0);
    CompletableFuture<Integer> call =
        CompletableFuture.supplyAsync(() -> OneNode.error(at(0), "CALL p()"));
    Waiting.until("the first part", SOON, PAUSE, () -> logged().equals(List.of("1")));
    OneNode.run(at(2), "KILL QUERY " + id);
    assertEquals(1317, call.get());
    OneNode.run(at(1), "UNLOCK TABLES");
    assertEquals(0, OneNode.error(at(0), "CALL p()"));
    assertEquals(List.of("1", "1", "2"), everywhere("SELECT id FROM log ORDER BY id"));
  }

  private List<String> logged() {
    try {
      return OneNode.rows(at(2), "SELECT id FROM log");
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /** It knows the name of its branch, and may turn writing on (invariant I5). */
  @Test
  void cannot_commit_anything_beside_the_order() throws Exception {
    String goesOn = "BEGIN DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END; ";
    String writes = "SET SESSION tx_read_only = 0; ";
    procedure(
        "beside",
        "",
        "BEGIN INSERT INTO t VALUES (1); CREATE TABLE a (id INT); CALL ends(); END",
        "CREATE TABLE t (id INT)",
        "CREATE PROCEDURE ends() "
            + goesOn
            + writes
            + "EXECUTE IMMEDIATE CONCAT('X', 'A END ''', @`lockstep.xa`, '''');"
            + " EXECUTE IMMEDIATE CONCAT('X', 'A COMMIT ''', @`lockstep.xa`, ''' ONE PHASE');"
            + " END",
        "CREATE PROCEDURE by_text() BEGIN CREATE TABLE b (id INT); INSERT INTO t VALUES (2);"
            + " EXECUTE IMMEDIATE 'CALL ends()'; END",
        "CREATE PROCEDURE by_bytes() BEGIN CREATE TABLE f (id INT); INSERT INTO t VALUES (5);"
            + " EXECUTE IMMEDIATE CONCAT(x'43414C4C20656E64732829', ' /* ', x'FF', ' */'); END",
        "CREATE PROCEDURE no_branch() "
            + goesOn
            + writes
            + "EXECUTE IMMEDIATE 'SET @`lockstep.base` = REPEAT(''x'', 100)';"
            + " EXECUTE IMMEDIATE 'CREATE TABLE c (id INT)'; INSERT INTO t VALUES (3); END",
        "CREATE PROCEDURE other_branch() "
            + goesOn
            + writes
            + "EXECUTE IMMEDIATE 'SET @`lockstep.count` = 41';"
            + " EXECUTE IMMEDIATE 'CREATE TABLE e (id INT)'; INSERT INTO t VALUES (4); END");
    for (String name : List.of("p", "by_text", "by_bytes", "no_branch", "other_branch")) {
      try (Connection client = DriverManager.getConnection(cluster.nodes().get(0).jdbcUrl())) {
        OneNode.run(client, "USE beside");
        assertTrue(OneNode.error(client, "CALL " + name + "()") != 0, name);
      }
    }
    assertEquals(List.of(), everywhere("SELECT id FROM t ORDER BY id"));
    for (NodeProcess node : cluster.nodes()) {
      String url = "jdbc:mariadb://127.0.0.1:" + node.databasePort() + "/beside";
      try (Connection database = DriverManager.getConnection(url, "root", "")) {
        assertEquals(List.of(), OneNode.rows(database, "SELECT id FROM t"));
      }
    }
  }
}
