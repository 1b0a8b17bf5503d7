package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What published applications take for granted: each of these was found by running one. */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class An_application_of_one_server {
  private static final int LOCK_WAIT_TIMEOUT = 1205;
  private static final int INTERRUPTED = 1317;
  private static final int READ_ONLY = 1792;

  private final List<Connection> clients = new ArrayList<>();
  private LiveCluster cluster;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    cluster = OneNode.cluster(folder, 3);
    for (int i = 0; i < 3; i++) {
      clients.add(client(i, ""));
    }
    OneNode.run(at(0), "CREATE DATABASE d");
    for (Connection client : clients) {
      // Another gateway has made it: a strong read waits until it is there.
      OneNode.run(client, "SET lockstep_consistency = 'strong'");
      OneNode.rows(client, "SELECT 1");
      OneNode.run(client, "SET lockstep_consistency = 'session'", "USE d");
    }
  }

  @AfterAll
  void stop() throws Exception {
    for (Connection client : clients) {
      client.close();
    }
    cluster.close();
  }

  private Connection at(int node) {
    return clients.get(node);
  }

  private Connection client(int node, String options) throws SQLException {
    return DriverManager.getConnection(cluster.nodes().get(node).jdbcUrl() + options);
  }

  /** Another driver, which leaves the character sets to the application. */
  private Connection foreign(int node) throws SQLException {
    int port = cluster.nodes().get(node).mysqlPort();
    return DriverManager.getConnection(
        "jdbc:mysql://127.0.0.1:" + port + "/d?sslMode=DISABLED&allowPublicKeyRetrieval=true",
        "root",
        "");
  }

  /** As Knex sends its transactions, without the capability for several statements. */
  @Test
  void may_end_its_statements_with_semicolons() throws Exception {
    OneNode.run(at(0), "CREATE TABLE ended (id INT PRIMARY KEY);", "USE mysql;", "USE d;");
    try (Connection client = client(1, "")) {
      OneNode.run(client, "USE d;", "SET SESSION TRANSACTION READ ONLY;");
      assertEquals(READ_ONLY, OneNode.error(client, "INSERT INTO ended VALUES (1);"));
      OneNode.run(client, "SET SESSION TRANSACTION READ WRITE;");
      OneNode.run(client, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;", "BEGIN;");
      assertEquals(List.of("0"), OneNode.rows(client, "SELECT COUNT(*) FROM ended;"));
      OneNode.run(at(0), "INSERT INTO ended VALUES (2);");
      assertEquals(List.of("1"), OneNode.rows(client, "SELECT COUNT(*) FROM ended;"));
      OneNode.run(client, "COMMIT;", "SET autocommit = 0;", "INSERT INTO ended VALUES (3);");
      OneNode.run(client, "SET autocommit = 1;");
    }
    assertEquals(List.of("2", "3"), OneNode.rows(at(0), "SELECT id FROM ended ORDER BY id;"));
  }

  @Test
  void reads_what_another_connection_of_its_pool_has_just_written() throws Exception {
    OneNode.run(at(0), "CREATE TABLE pool (id INT, n INT, PRIMARY KEY (id, n))");
    // Nodes take different times for so many rows.
    String rows =
        IntStream.range(0, 3_000)
            .mapToObj(n -> "(%1$d," + n + ")")
            .collect(Collectors.joining(","));
    List<Connection> pool = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      pool.add(client(0, ""));
    }
    for (int i = 0; i < 60; i++) {
      OneNode.run(pool.get(i % 6), "INSERT INTO d.pool VALUES " + rows.formatted(i));
      assertEquals(
          List.of("3000"),
          OneNode.rows(pool.get((i + 1) % 6), "SELECT COUNT(*) FROM d.pool WHERE id = " + i));
    }
    for (Connection one : pool) {
      one.close();
    }
  }

  @Test
  void writes_on_while_another_one_defines_tables_elsewhere() throws Exception {
    OneNode.run(at(0), "CREATE DATABASE other", "CREATE TABLE calm (id INT PRIMARY KEY, v INT)");
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService others = Executors.newFixedThreadPool(2);
    List<Future<Integer>> definitions = new ArrayList<>();
    for (int node = 0; node < 2; node++) {
      Connection client = client(node, "");
      String sql = "CREATE OR REPLACE TABLE other.t" + node + " (id INT)";
      definitions.add(others.submit(repeated(client, sql, over)));
    }
    for (int i = 0; i < 25; i++) {
      OneNode.run(
          at(0),
          "INSERT INTO d.calm VALUES (" + i + ", 0)",
          "BEGIN",
          "UPDATE d.calm SET v = v + 1 WHERE id = " + i,
          "COMMIT");
    }
    over.set(true);
    for (Future<Integer> defined : definitions) {
      assertTrue(defined.get() > 0, "definitions went on meanwhile");
    }
    others.shutdown();
    assertEquals(List.of("25|25"), OneNode.rows(at(0), "SELECT COUNT(*), SUM(v) FROM d.calm"));
  }

  private static Callable<Integer> repeated(Connection client, String sql, AtomicBoolean over) {
    return () -> {
      int times = 0;
      while (!over.get()) {
        OneNode.run(client, sql);
        times++;
      }
      client.close();
      return times;
    };
  }

  @Test
  void commits_what_it_has_read_in_the_character_set_of_its_own() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE words (id INT PRIMARY KEY, w VARCHAR(20)) CHARACTER SET utf8mb4",
        "INSERT INTO words VALUES (1, 'Ä')");
    try (Connection one = foreign(1)) {
      for (String charset : List.of("latin1", "cp1251", "utf8mb3")) {
        OneNode.run(one, "USE d", "SET character_set_results = " + charset, "BEGIN");
        OneNode.rows(one, "SELECT w FROM words WHERE id = 1 FOR UPDATE");
        OneNode.run(one, "UPDATE words SET w = 'Äя' WHERE id = 1");
        OneNode.rows(one, "SELECT w FROM words");
        OneNode.run(one, "COMMIT");
      }
    }
    assertEquals(
        List.of("C384D18F"), OneNode.rows(at(1), "SELECT HEX(w) FROM d.words WHERE id = 1"));
  }

  @Test
  void hears_errors_and_warnings_in_the_character_set_of_results() throws Exception {
    try (Connection root = foreign(1)) {
      OneNode.run(
          root,
          "CREATE OR REPLACE DATABASE spoken",
          "USE spoken",
          "CREATE TABLE t (a VARCHAR(5) PRIMARY KEY) CHARSET utf8mb4",
          "INSERT INTO t VALUES ('é'), ('日')",
          "SET character_set_results = latin1");
      assertEquals(
          "Duplicate entry '\\65E5' for key 'PRIMARY'",
          message(root, "INSERT INTO t VALUES ('日')"));
      assertEquals(
          "Duplicate entry '�' for key 'PRIMARY'", message(root, "INSERT INTO t VALUES ('é')"));
      OneNode.run(root, "DROP TABLE IF EXISTS `日`");
      assertEquals(
          List.of("Note|1051|Unknown table 'spoken.\\65E5'"), OneNode.rows(root, "SHOW WARNINGS"));
      OneNode.run(root, "DROP TABLE IF EXISTS `é`");
      assertEquals(
          List.of("Note|1051|Unknown table 'spoken.é'"), OneNode.rows(root, "SHOW WARNINGS"));
      OneNode.run(root, "SET character_set_results = utf8mb4");
      assertEquals(
          "Duplicate entry '日' for key 'PRIMARY'", message(root, "INSERT INTO t VALUES ('日')"));
    }
  }

  private static String message(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return String.valueOf(
          assertThrows(SQLException.class, () -> statement.execute(sql)).getMessage());
    }
  }

  @Test
  void finds_the_same_time_of_making_in_programs_at_every_node() throws Exception {
    OneNode.run(
        at(0),
        "CREATE OR REPLACE DATABASE made",
        "CREATE TABLE made.t (id INT)",
        "CREATE FUNCTION made.f() RETURNS INT RETURN 1",
        "CREATE TRIGGER made.g BEFORE INSERT ON made.t FOR EACH ROW SET NEW.id = 2",
        "SET timestamp = 1412064000.25",
        "CREATE PROCEDURE made.p() SELECT 1",
        "SET timestamp = DEFAULT");
    String times =
        "SELECT CREATED FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = 'made'"
            + " UNION SELECT CREATED FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = 'made'"
            + " ORDER BY 1";
    List<String> first = OneNode.rows(at(0), times);
    assertTrue(first.get(0).startsWith("2014-09-30 08:00:00"), first::toString);
    assertEquals(3, first.size());
    for (int node = 1; node < 3; node++) {
      OneNode.run(at(node), "SET lockstep_consistency = 'strong'");
      assertEquals(first, OneNode.rows(at(node), times));
      OneNode.run(at(node), "SET lockstep_consistency = 'session'");
    }
  }

  @Test
  void hears_that_a_character_set_cannot_be_and_goes_on() throws Exception {
    try (Connection one = foreign(1)) {
      OneNode.run(one, "SET character_set_results = swe7");
      assertEquals(1235, OneNode.error(one, "SELECT 1"));
    }
  }

  @Test
  void draws_ids_behind_those_that_its_transaction_has_named() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE ids (id INT AUTO_INCREMENT PRIMARY KEY, v INT)",
        "BEGIN",
        "INSERT INTO ids (id, v) VALUES (1, 1), (10, 2)",
        "INSERT INTO ids (v) VALUES (3)",
        "INSERT INTO ids (id, v) VALUES (20, 4)",
        "INSERT INTO ids (v) VALUES (5), (6)",
        "COMMIT",
        "INSERT INTO ids (v) VALUES (7)");
    assertEquals(
        List.of("1", "10", "11", "20", "21", "22", "23"),
        OneNode.rows(at(0), "SELECT id FROM ids ORDER BY id"));
  }

  @Test
  void hears_that_there_are_no_more_ids() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE huge (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, v INT)"
            + " AUTO_INCREMENT=9223372036854775806",
        "INSERT INTO huge (v) VALUES (1)");
    assertEquals(1467, OneNode.error(at(1), "INSERT INTO huge (v) VALUES (2)"));
    OneNode.run(at(0), "BEGIN");
    assertEquals(1467, OneNode.error(at(0), "INSERT INTO huge (v) VALUES (3)"));
    OneNode.run(at(0), "INSERT INTO huge VALUES (18446744073709551615, 4)", "COMMIT");
    assertEquals(
        List.of("9223372036854775806", "18446744073709551615"),
        OneNode.rows(at(0), "SELECT id FROM huge ORDER BY id"));
  }

  @Test
  void finds_in_temporary_tables_what_its_procedures_left_there() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE kept (id INT PRIMARY KEY)",
        "CREATE PROCEDURE report(x INT) BEGIN"
            + " CREATE TEMPORARY TABLE IF NOT EXISTS made (id INT, b VARBINARY(9), w VARCHAR(9));"
            + " INSERT INTO made VALUES (x, X'00ff27', 'Ä''\\\\'); INSERT INTO mine VALUES (x);"
            + " END",
        "CREATE PROCEDURE computes() BEGIN SELECT COUNT(*) FROM `größe`;"
            + " UPDATE `größe` SET id = id * 10; END",
        "CREATE PROCEDURE both_(x INT) BEGIN INSERT INTO kept VALUES (x);"
            + " UPDATE mine SET id = id + 100; END");
    try (Connection one = client(2, "")) {
      OneNode.run(one, "USE d", "CREATE TEMPORARY TABLE mine (id INT)", "CALL report(1)");
      assertEquals(List.of("1"), OneNode.rows(one, "SELECT id FROM mine"));
      assertEquals(
          List.of("1|00FF27|C384275C"), OneNode.rows(one, "SELECT id, HEX(b), HEX(w) FROM made"));
      OneNode.run(one, "BEGIN", "CALL report(2)");
      assertEquals(List.of("1", "2"), OneNode.rows(one, "SELECT id FROM mine ORDER BY id"));
      OneNode.run(one, "COMMIT", "CALL both_(7)");
      assertEquals(List.of("101", "102"), OneNode.rows(one, "SELECT id FROM mine ORDER BY id"));
      assertEquals(List.of("2"), OneNode.rows(one, "SELECT COUNT(*) FROM made"));
      OneNode.run(
          one,
          "CREATE TEMPORARY TABLE `größe` (id INT, twice INT AS (id * 2), `weiß` INT INVISIBLE)",
          "INSERT INTO `größe` (id, `weiß`) VALUES (1, 5), (2, 6)",
          "CALL computes()");
      assertEquals(
          List.of("10|20|5", "20|40|6"),
          OneNode.rows(one, "SELECT id, twice, `weiß` FROM `größe` ORDER BY id"));
      OneNode.run(one, "SET autocommit = 0", "CALL both_(8)", "ROLLBACK");
      assertEquals(List.of("101", "102"), OneNode.rows(one, "SELECT id FROM mine ORDER BY id"));
      OneNode.run(one, "CALL both_(9)", "COMMIT");
      assertEquals(List.of("201", "202"), OneNode.rows(one, "SELECT id FROM mine ORDER BY id"));
    }
    assertEquals(List.of("7", "9"), OneNode.rows(at(2), "SELECT id FROM d.kept ORDER BY id"));
    OneNode.run(
        at(1),
        "CREATE TABLE gone (id INT)",
        "CREATE TRIGGER noted AFTER DELETE ON kept FOR EACH ROW INSERT INTO gone VALUES (OLD.id)",
        "CREATE PROCEDURE hides() BEGIN CREATE TEMPORARY TABLE kept (id INT);"
            + " INSERT INTO kept VALUES (1); DROP TEMPORARY TABLE kept;"
            + " INSERT INTO kept VALUES (10); END",
        "CALL hides()");
    for (Connection client : clients) {
      OneNode.run(client, "SET lockstep_consistency = 'strong'");
      assertEquals(
          List.of("7", "9", "10"), OneNode.rows(client, "SELECT id FROM d.kept ORDER BY id"));
      assertEquals(List.of(), OneNode.rows(client, "SELECT id FROM d.gone"));
      OneNode.run(client, "SET lockstep_consistency = 'session'");
    }
  }

  @Test
  void counts_by_what_it_binds_to_a_limit() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE many (id INT PRIMARY KEY)",
        "INSERT INTO many VALUES (1), (2), (3), (4), (5)");
    try (Connection one = client(1, "&useServerPrepStmts=true")) {
      one.setCatalog("d");
      try (PreparedStatement delete =
          one.prepareStatement("DELETE FROM many ORDER BY id LIMIT ?")) {
        delete.setString(1, "1");
        assertEquals(1, delete.executeUpdate());
        delete.setDouble(1, 2.0);
        assertEquals(2, delete.executeUpdate());
      }
      OneNode.run(one, "BEGIN", "UPDATE many SET id = 9 WHERE id = 5");
      try (PreparedStatement read =
          one.prepareStatement("SELECT id FROM many ORDER BY id LIMIT ?")) {
        read.setString(1, "1");
        read.executeQuery().close();
      }
      OneNode.run(one, "COMMIT");
    }
    assertEquals(List.of("4", "9"), OneNode.rows(at(1), "SELECT id FROM d.many ORDER BY id"));
  }

  @Test
  void binds_dates_and_times_that_are_no_strings() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE bound (id INT PRIMARY KEY, moment DATETIME, number BIGINT, text VARCHAR(30))",
        "INSERT INTO bound VALUES (1, NULL, NULL, '2024-1-31 10:0:0'), (2, NULL, NULL, '2024-2-1')");
    try (Connection client = client(0, "&useServerPrepStmts=true&timezone=UTC")) {
      OneNode.run(client, "USE d", "SET timestamp = 1700000000");
      Timestamp moment = Timestamp.valueOf("2024-01-31 10:00:00");
      try (PreparedStatement write =
          client.prepareStatement("UPDATE bound SET moment = ?, number = ? WHERE text = ?")) {
        write.setTime(1, Time.valueOf("18:16:01"));
        write.setTimestamp(2, moment);
        write.setTimestamp(3, moment);
        assertEquals(1, write.executeUpdate());
      }
      assertEquals(
          List.of("2023-11-14 18:16:01/20240131100000"),
          OneNode.rows(
              client, "SELECT CONCAT(moment, '/', number) FROM bound WHERE moment IS NOT NULL"));
    }
  }

  @Test
  void takes_a_user_lock_in_the_question_of_an_if() throws Exception {
    String sql = "SELECT IF(GET_LOCK('one', 0), UNIX_TIMESTAMP(SYSDATE(6)) > 0, NULL) AS acquired";
    try (Connection one = client(0, "");
        Connection other = client(1, "")) {
      assertEquals(List.of("1"), OneNode.rows(one, sql));
      assertEquals(List.of("null"), OneNode.rows(other, sql));
      assertEquals(List.of("1"), OneNode.rows(one, "SELECT RELEASE_LOCK('one')"));
      assertEquals(List.of("1"), OneNode.rows(other, sql));
    }
    assertEquals(1235, OneNode.error(at(0), "SELECT IF(1, 2, GET_LOCK('one', 0))"));
  }

  @Test
  void keeps_others_out_of_the_rows_that_it_has_locked() throws Exception {
    OneNode.run(
        at(0), "CREATE TABLE rows_ (id INT PRIMARY KEY, v INT)", "INSERT INTO rows_ VALUES (1, 0)");
    try (Connection one = client(0, "");
        Connection other = client(0, "")) {
      OneNode.run(one, "USE d", "BEGIN");
      OneNode.rows(one, "SELECT * FROM rows_ WHERE id = 1 FOR UPDATE");
      OneNode.run(other, "USE d", "SET innodb_lock_wait_timeout = 1");
      for (String late :
          List.of(
              "UPDATE rows_ SET v = 5 WHERE id = 1",
              "DELETE FROM rows_ WHERE id = 1",
              "INSERT INTO rows_ VALUES (1, 1)",
              "SELECT * FROM rows_ WHERE id = 1 FOR UPDATE",
              "SELECT * FROM rows_ WHERE id = 1 LOCK IN SHARE MODE NOWAIT")) {
        assertEquals(LOCK_WAIT_TIMEOUT, OneNode.error(other, late), late);
      }
      assertEquals(List.of(), OneNode.rows(other, "SELECT v FROM rows_ FOR UPDATE SKIP LOCKED"));
      OneNode.run(other, "INSERT INTO rows_ VALUES (2, 2)", "SET innodb_lock_wait_timeout = 30");
      ExecutorService waiting = Executors.newSingleThreadExecutor();
      Future<Integer> late =
          waiting.submit(
              () -> {
                OneNode.run(other, "UPDATE rows_ SET v = v * 10 WHERE id = 1");
                return 0;
              });
      OneNode.run(one, "UPDATE rows_ SET v = 7 WHERE id = 1");
      assertTrue(!late.isDone(), "it waits for the lock");
      OneNode.run(one, "COMMIT");
      assertEquals(0, late.get());
      waiting.shutdown();
      assertEquals(List.of("1|70", "2|2"), OneNode.rows(one, "SELECT * FROM rows_ ORDER BY id"));
    }
  }

  /** What its session has called pins it, so that it could not go on with another connection. */
  @Test
  void goes_on_waiting_for_a_lock_when_an_applier_needs_what_it_holds() throws Exception {
    OneNode.run(
        at(0),
        "CREATE TABLE needed (id INT PRIMARY KEY, v INT)",
        "INSERT INTO needed VALUES (1, 0), (2, 0)",
        "CREATE PROCEDURE leaves() SET @left = 5");
    ExecutorService waiting = Executors.newSingleThreadExecutor();
    try (Connection holding = client(1, "");
        Connection pinned = client(0, "")) {
      OneNode.run(holding, "USE d", "BEGIN", "UPDATE needed SET v = v + 10 WHERE id = 2");
      OneNode.run(pinned, "USE d", "CALL leaves()", "BEGIN");
      OneNode.run(pinned, "UPDATE needed SET v = v + 1 WHERE id = 1");
      Future<Integer> waits =
          waiting.submit(() -> OneNode.error(pinned, "UPDATE needed SET v = v + 1 WHERE id = 2"));
      TimeUnit.MILLISECONDS.sleep(200);
      OneNode.run(at(2), "UPDATE needed SET v = v + 100 WHERE id = 1");
      TimeUnit.MILLISECONDS.sleep(500);
      assertTrue(!waits.isDone(), "it waits for the lock");
      OneNode.run(holding, "COMMIT");
      assertEquals(0, waits.get());
      OneNode.run(pinned, "COMMIT");
      assertEquals(List.of("5"), OneNode.rows(pinned, "SELECT @left"));
      assertEquals(
          List.of("1|101", "2|11"), OneNode.rows(pinned, "SELECT * FROM needed ORDER BY id"));
    }
    waiting.shutdown();
  }

  @Test
  void can_be_interrupted_while_it_waits_for_a_row() throws Exception {
    OneNode.run(
        at(0), "CREATE TABLE held (id INT PRIMARY KEY, v INT)", "INSERT INTO held VALUES (1, 0)");
    ExecutorService waiting = Executors.newSingleThreadExecutor();
    try (Connection holding = client(0, "");
        Connection other = client(0, "")) {
      OneNode.run(holding, "USE d", "BEGIN", "UPDATE held SET v = 1 WHERE id = 1");
      OneNode.run(other, "USE d");
      String id = OneNode.rows(other, "SELECT CONNECTION_ID()").get(0);
      for (String before : List.of("ROLLBACK", "BEGIN")) {
        OneNode.run(other, before);
        Future<Integer> waits =
            waiting.submit(() -> OneNode.error(other, "UPDATE held SET v = 2 WHERE id = 1"));
        TimeUnit.MILLISECONDS.sleep(300);
        OneNode.run(at(0), "KILL QUERY " + id);
        assertEquals(INTERRUPTED, waits.get(5, TimeUnit.SECONDS), before);
      }
      OneNode.run(other, "ROLLBACK");
      OneNode.run(holding, "COMMIT");
      assertEquals(List.of("1"), OneNode.rows(other, "SELECT v FROM held"));
    }
    waiting.shutdown();
  }
}
