package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a client can see and do of sessions at other gateways. */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class A_session_of_the_cluster {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** Longer than what a node has said of itself counts. */
  private static final Duration UNHEARD = Duration.ofMillis(3_500);

  private static final Duration PAUSE = Duration.ofMillis(50);

  /** Longer than the others wait before they go on without a node. */
  private static final Duration STANDS_STILL = Duration.ofSeconds(8);

  private static final Duration HEARD_FOR = Duration.ofSeconds(8);

  /** As mariadb-tzinfo-to-sql loads them, with one zone of an hour and a half. */
  private static final List<String> ZONES =
      List.of(
          "USE mysql",
          "TRUNCATE TABLE time_zone",
          "TRUNCATE TABLE time_zone_name",
          "TRUNCATE TABLE time_zone_transition",
          "TRUNCATE TABLE time_zone_transition_type",
          "LOCK TABLES time_zone WRITE, time_zone_leap_second WRITE, time_zone_name WRITE,"
              + " time_zone_transition WRITE, time_zone_transition_type WRITE",
          "INSERT INTO time_zone (Use_leap_seconds) VALUES ('N')",
          "SET @time_zone_id = LAST_INSERT_ID()",
          "INSERT INTO time_zone_name (Name, Time_zone_id) VALUES ('Test/Late', @time_zone_id)",
          "INSERT INTO time_zone_transition_type (Time_zone_id, Transition_type_id, `Offset`,"
              + " Is_DST, Abbreviation) VALUES (@time_zone_id, 0, 5400, 0, 'TL')",
          "UNLOCK TABLES",
          "ALTER TABLE time_zone_transition_type ORDER BY Time_zone_id, Transition_type_id",
          "ALTER TABLE time_zone_name ENGINE=Aria");

  private LiveCluster cluster;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    cluster = OneNode.cluster(folder, 3);
    try (Connection root = root(0)) {
      OneNode.run(root, "CREATE USER app@'%' IDENTIFIED BY 'secret'");
    }
  }

  @AfterAll
  void end() {
    cluster.close();
  }

  @Test
  void knows_the_id_that_its_client_was_told_and_no_other_session_has_it() throws Exception {
    try (Connection one = root(0);
        Connection two = root(1);
        Connection three = root(2)) {
      List<Long> ids = List.of(id(one), id(two), id(three));
      assertEquals(3, ids.stream().distinct().count());
      assertEquals(List.of("" + ids.get(0)), OneNode.rows(one, "SELECT CONNECTION_ID()"));
      assertEquals(ids.get(1), idByPrepared(two));
    }
  }

  @Test
  void is_listed_at_every_gateway_with_its_client_and_what_it_runs() throws Exception {
    try (Connection one = root(0);
        Connection two = root(1)) {
      OneNode.run(one, "USE mysql");
      String where = " FROM information_schema.PROCESSLIST WHERE ID = " + id(one);
      assertEquals(
          List.of("root|mysql|Sleep|null"),
          OneNode.rows(two, "SELECT USER, DB, COMMAND, INFO" + where));
      CompletableFuture<Integer> sleeping =
          CompletableFuture.supplyAsync(() -> OneNode.error(one, "SELECT SLEEP(100)"));
      Waiting.until(
          "the statement to be listed",
          SOON,
          PAUSE,
          () -> rows(two, "SELECT COMMAND, INFO" + where).contains("Query|SELECT SLEEP(100)"));
      assertTrue(
          rows(two, "SHOW FULL PROCESSLIST").stream()
              .anyMatch(row -> row.startsWith(id(one) + "|root|127.0.0.1:")));
      OneNode.run(two, "KILL QUERY '" + id(one) + "'");
      assertEquals(1317, sleeping.join());
      assertEquals(List.of("1"), OneNode.rows(one, "SELECT 1"));
    }
  }

  @Test
  void knows_the_time_zones_that_were_loaded_at_any_gateway() throws Exception {
    try (Connection one = root(0);
        Connection two = root(1);
        Connection three = root(2);
        Connection app = as(2, "app", "secret")) {
      OneNode.run(one, ZONES.toArray(String[]::new));
      OneNode.run(
          two,
          "SET time_zone = 'Test/Late'",
          "CREATE DATABASE zones",
          "CREATE TABLE zones.t (at DATETIME)",
          "INSERT INTO zones.t VALUES (FROM_UNIXTIME(0))");
      assertEquals(
          List.of("1970-01-01 01:30:00"), rows(three, "SELECT CAST(at AS CHAR) FROM zones.t"));
      assertEquals(1142, OneNode.error(app, "DELETE FROM mysql.time_zone"));
      assertEquals(1142, OneNode.error(app, "TRUNCATE TABLE mysql.time_zone"));
      assertEquals(1235, OneNode.error(one, "DROP TABLE mysql.time_zone"));
      assertEquals(1235, OneNode.error(one, "DELETE FROM mysql.user"));
      for (String stolen :
          List.of(
              "ALTER TABLE mysql.time_zone RENAME TO zones.stolen",
              "ALTER TABLE mysql.time_zone RENAME TO mysql.stolen",
              "RENAME TABLE mysql.time_zone TO zones.stolen")) {
        assertEquals(1235, OneNode.error(one, stolen));
      }
      assertEquals(0, cluster.verify());
    }
    zonesAreCompared();
  }

  private void zonesAreCompared() throws Exception {
    String url = "jdbc:mariadb://127.0.0.1:" + cluster.nodes().get(1).databasePort() + "/mysql";
    try (Connection database = DriverManager.getConnection(url, "root", "")) {
      OneNode.run(database, "UPDATE time_zone_name SET Name = 'Test/Other'");
      assertEquals(1, cluster.verify());
      OneNode.run(database, "UPDATE time_zone_name SET Name = 'Test/Late'");
      assertEquals(0, cluster.verify());
    }
  }

  @Test
  void is_ended_from_another_gateway() throws Exception {
    try (Connection one = root(0);
        Connection two = root(2)) {
      OneNode.run(two, "KILL " + id(one));
      Waiting.until("the session to end", SOON, PAUSE, () -> OneNode.error(one, "SELECT 1") != 0);
      assertEquals(1094, OneNode.error(two, "KILL " + id(one)));
    }
  }

  @Test
  void of_another_user_is_neither_seen_nor_ended_without_the_privilege() throws Exception {
    try (Connection root = root(0);
        Connection app = as(1, "app", "secret");
        Connection again = as(2, "app", "secret")) {
      List<String> seen =
          OneNode.rows(app, "SELECT DISTINCT USER FROM information_schema.PROCESSLIST");
      assertEquals(List.of("app"), seen);
      assertEquals(1095, OneNode.error(app, "KILL " + id(root)));
      assertEquals(List.of("1"), OneNode.rows(root, "SELECT 1"));
      assertEquals(0, OneNode.error(app, "KILL " + id(again)));
      Waiting.until("the session to end", SOON, PAUSE, () -> OneNode.error(again, "SELECT 1") != 0);
    }
  }

  @Test
  void that_ends_itself_is_told_so() throws Exception {
    Connection one = root(0);
    assertEquals(1927, OneNode.error(one, "KILL CONNECTION_ID()"));
    Waiting.until("the session to end", SOON, PAUSE, () -> OneNode.error(one, "SELECT 1") != 0);
    assertFalse(OneNode.error(one, "SELECT 1") == 0);
  }

  @Test
  void shows_the_cluster_as_its_gateway_sees_it() throws Exception {
    try (Connection one = root(0)) {
      assertEquals(
          List.of("lockstep_cluster_size|3", "lockstep_cluster_status|Primary"),
          OneNode.rows(one, "SHOW STATUS LIKE 'lockstep_cluster_s%'"));
      assertEquals(
          List.of("lockstep_node_name|n1"),
          OneNode.rows(one, "SHOW GLOBAL STATUS WHERE Variable_name = 'lockstep_node_name'"));
      assertTrue(OneNode.rows(one, "SHOW STATUS").contains("lockstep_ready|ON"));
      assertEquals(
          List.of("lockstep_consistency|session"),
          OneNode.rows(one, "SHOW VARIABLES LIKE 'lockstep_consistency'"));
      assertEquals(
          List.of("LOCKSTEP_CONSISTENCY|session"),
          OneNode.rows(
              one,
              "SELECT * FROM information_schema.SESSION_VARIABLES"
                  + " WHERE VARIABLE_NAME LIKE 'lockstep_cons%'"));
    }
  }

  @Test
  void leaves_no_transaction_behind_when_its_client_is_gone() throws Exception {
    try (Connection root = root(0)) {
      List<String> none = openTransactions(root);
      Connection leaving = root(0);
      OneNode.run(
          leaving,
          "CREATE DATABASE leaving",
          "CREATE TABLE leaving.t (id INT PRIMARY KEY)",
          "BEGIN",
          "INSERT INTO leaving.t VALUES (1)");
      assertFalse(none.equals(openTransactions(root)));
      leaving.close();
      Waiting.until("nothing open", SOON, PAUSE, () -> none.equals(openTransactions(root)));
    }
  }

  private static List<String> openTransactions(Connection root) {
    try {
      return OneNode.rows(root, "SHOW STATUS LIKE 'lockstep_open_transactions'");
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Test
  void keeps_its_consistency_until_it_is_reset() throws Exception {
    try (Connection one = root(0)) {
      OneNode.run(one, "SET SESSION lockstep_consistency = 'strong', @a = 5");
      assertEquals(List.of("strong|5"), OneNode.rows(one, "SELECT @@lockstep_consistency, @a"));
      assertEquals(1231, OneNode.error(one, "SET lockstep_consistency = 'sometimes'"));
      assertEquals(1235, OneNode.error(one, "SET GLOBAL lockstep_consistency = 'any'"));
      assertEquals(1238, OneNode.error(one, "SET lockstep_node_name = 'n9'"));
      try (PreparedStatement setting = one.prepareStatement("SET lockstep_consistency = ?")) {
        setting.setString(1, "any");
        setting.execute();
      }
      assertEquals(List.of("any"), OneNode.rows(one, "SELECT @@lockstep_consistency"));
      OneNode.run(
          one,
          "PREPARE sets FROM 'SET lockstep_consistency = ?'",
          "SET @wanted = 'strong'",
          "EXECUTE sets USING @wanted",
          "PREPARE asks FROM 'SELECT @@lockstep_consistency'");
      assertEquals(List.of("strong"), OneNode.rows(one, "EXECUTE asks"));
      one.unwrap(org.mariadb.jdbc.Connection.class).reset();
      assertEquals(List.of("session"), OneNode.rows(one, "SELECT @@lockstep_consistency"));
    }
  }

  /** The process of its master stands still, whose database goes on answering with old rows. */
  @Test
  void that_reads_strongly_never_sees_an_old_row() throws Exception {
    NodeProcess stopped = follower();
    int gateway = stopped.node().equals("n1") ? 1 : 0;
    try (Connection writer = root(gateway);
        Connection strong = masteredAt(stopped.node(), gateway);
        Connection any = masteredAt(stopped.node(), gateway)) {
      OneNode.run(
          writer,
          "CREATE OR REPLACE DATABASE strong",
          "CREATE TABLE strong.t (a INT PRIMARY KEY)",
          "INSERT INTO strong.t VALUES (1)");
      OneNode.run(strong, "SET lockstep_consistency = 'strong'");
      OneNode.run(any, "SET lockstep_consistency = 'any'");
      assertEquals(List.of("1"), OneNode.rows(strong, "SELECT a FROM strong.t"));
      signal("-STOP", stopped.pid());
      try (Connection elsewhere = notMasteredAt(stopped.node(), gateway)) {
        OneNode.run(elsewhere, "UPDATE strong.t SET a = 2");
        List<String> old = OneNode.rows(any, "SELECT a FROM strong.t");
        List<String> fresh = OneNode.rows(strong, "SELECT a FROM strong.t");
        assertTrue(List.of("1", "2").containsAll(old));
        assertEquals(List.of("2"), fresh);
      } finally {
        signal("-CONT", stopped.pid());
      }
    }
    cluster.awaitReady(stopped.node());
  }

  @Test
  void has_a_user_lock_alone_in_the_cluster() throws Exception {
    try (Connection one = root(0);
        Connection two = root(1)) {
      assertEquals(List.of("1"), OneNode.rows(one, "SELECT GET_LOCK('a', 0)"));
      assertEquals(List.of("0"), OneNode.rows(two, "SELECT GET_LOCK('a', 0.2)"));
      assertEquals(
          List.of("0|" + id(one)),
          OneNode.rows(two, "SELECT IS_FREE_LOCK('a'), IS_USED_LOCK('a')"));
      assertEquals(List.of("0"), OneNode.rows(two, "SELECT RELEASE_LOCK('a')"));
      assertEquals(List.of("null"), OneNode.rows(two, "SELECT RELEASE_LOCK('nobody has it')"));
      CompletableFuture<List<String>> waiting =
          CompletableFuture.supplyAsync(() -> rows(two, "SELECT GET_LOCK('a', 60) AS got"));
      OneNode.run(one, "DO RELEASE_LOCK('a')");
      assertEquals(List.of("1"), waiting.join());
      assertEquals(List.of("0"), locked(one, "a"));
      assertEquals(List.of("1"), OneNode.rows(one, "SELECT GET_LOCK(UNHEX('FE'), 0)"));
      assertEquals(List.of("1"), OneNode.rows(two, "SELECT IS_FREE_LOCK(UNHEX('FF'))"));
    }
    try (Connection three = root(2)) {
      assertEquals(List.of("1"), OneNode.rows(three, "SELECT GET_LOCK('a', 30)"));
      assertEquals(1235, OneNode.error(three, "SELECT 1 FROM mysql.db WHERE GET_LOCK('a', 1)"));
      three.unwrap(org.mariadb.jdbc.Connection.class).reset();
      assertEquals(List.of("1"), OneNode.rows(three, "SELECT IS_FREE_LOCK('a')"));
    }
  }

  @Test
  void that_waits_for_a_user_lock_can_be_interrupted() throws Exception {
    try (Connection one = root(0);
        Connection two = root(1)) {
      OneNode.run(one, "DO GET_LOCK('b', 0)");
      CompletableFuture<Integer> waiting =
          CompletableFuture.supplyAsync(() -> OneNode.error(two, "SELECT GET_LOCK('b', 600); "));
      String listed =
          "SELECT STATE, INFO FROM information_schema.PROCESSLIST WHERE ID = " + id(two);
      Waiting.until(
          "the wait",
          SOON,
          PAUSE,
          () -> rows(one, listed).contains("User lock|SELECT GET_LOCK('b', 600)"));
      OneNode.run(one, "KILL QUERY " + id(two));
      assertEquals(1317, waiting.join());
      assertEquals(List.of("1"), OneNode.rows(one, "SELECT RELEASE_LOCK('b')"));
    }
  }

  /** Two sessions, for what each kind of lock promises to who waits for it. */
  @Test
  void loses_its_user_lock_and_the_tables_that_it_has_locked_with_its_gateway() throws Exception {
    NodeProcess killed = follower();
    int its = cluster.nodes().indexOf(killed);
    int other = killed.node().equals("n1") ? 1 : 0;
    Connection named = root(its);
    Connection tables = root(its);
    try (Connection one = root(other);
        Connection two = root(other)) {
      OneNode.run(two, "CREATE DATABASE lost", "CREATE TABLE lost.t (x INT)");
      OneNode.run(named, "DO GET_LOCK('c', 0)");
      OneNode.run(tables, "SET lockstep_consistency = 'strong'", "LOCK TABLES lost.t WRITE");
      OneNode.run(two, "SET lock_wait_timeout = 1");
      assertEquals(List.of("0"), OneNode.rows(one, "SELECT GET_LOCK('c', 0)"));
      assertEquals(1205, OneNode.error(two, "INSERT INTO lost.t VALUES (1)"));
      cluster.killNode(killed.node());
      CompletableFuture<List<String>> waiting =
          CompletableFuture.supplyAsync(() -> rows(one, "SELECT GET_LOCK('c', 120)"));
      OneNode.run(two, "SET lock_wait_timeout = 60");
      assertEquals(0, OneNode.error(two, "INSERT INTO lost.t VALUES (1)"), "the locked table");
      OneNode.run(two, "LOCK TABLES lost.t WRITE", "UNLOCK TABLES");
      assertEquals(List.of("1"), waiting.join(), "the user lock");
    }
    cluster.startNode(killed.node());
    cluster.awaitReady(killed.node());
  }

  @Test
  void counts_against_what_its_account_may_have_in_the_cluster() throws Exception {
    try (Connection root = root(0)) {
      OneNode.run(
          root, "CREATE OR REPLACE USER few@'%' IDENTIFIED BY 'x' WITH MAX_USER_CONNECTIONS 2");
      Connection one = as(0, "few", "x");
      try (Connection two = as(1, "few", "x")) {
        assertEquals(1226, refusal(2, "few", "x"));
        one.close();
        Waiting.until("room", SOON, PAUSE, () -> refusal(2, "few", "x") == 0);
        assertEquals(List.of("1"), OneNode.rows(two, "SELECT 1"));
      }
    }
  }

  @Test
  void can_begin_at_once_wherever_its_account_was_made() throws Exception {
    try (Connection root = root(0)) {
      for (int i = 0; i < 20; i++) {
        OneNode.run(root, "CREATE OR REPLACE USER fresh@'%' IDENTIFIED BY 'p" + i + "'");
        assertEquals(0, refusal(1, "fresh", "p" + i));
        assertEquals(0, refusal(2, "fresh", "p" + i));
      }
      assertEquals(1045, refusal(1, "fresh", "wrong"));
    }
  }

  private int refusal(int node, String user, String password) {
    try (Connection connection = as(node, user, password)) {
      return OneNode.error(connection, "SELECT 1");
    } catch (SQLException e) {
      return e.getErrorCode();
    }
  }

  private static List<String> locked(Connection connection, String name) throws SQLException {
    try (PreparedStatement asking = connection.prepareStatement("SELECT GET_LOCK(?, ?)")) {
      asking.setString(1, name);
      asking.setInt(2, 0);
      try (ResultSet answer = asking.executeQuery()) {
        answer.next();
        return List.of(answer.getString(1));
      }
    }
  }

  @Test
  void finds_all_nodes_again_after_one_stood_still_for_long() throws Exception {
    NodeProcess stopped = follower();
    signal("-STOP", stopped.pid());
    Thread.sleep(STANDS_STILL.toMillis());
    signal("-CONT", stopped.pid());
    Waiting.until("the nodes to hear each other", SOON, PAUSE, this::allAreHeard);
    // What a node has heard last counts for a while.
    Thread.sleep(HEARD_FOR.toMillis());
    Waiting.until("the nodes to hear each other", SOON, PAUSE, this::allAreHeard);
  }

  /** What it has computed at its master is nowhere else. */
  @Test
  void that_cannot_move_waits_for_a_master_that_is_not_heard_of() throws Exception {
    NodeProcess stopped = follower();
    int gateway = stopped.node().equals("n1") ? 1 : 0;
    try (Connection bound = masteredAt(stopped.node(), gateway)) {
      assertEquals(List.of("5"), OneNode.rows(bound, "SELECT @bound := 5"));
      signal("-STOP", stopped.pid());
      try {
        Thread.sleep(UNHEARD.toMillis());
        CompletableFuture<List<String>> asked =
            CompletableFuture.supplyAsync(() -> quietly(bound, "SELECT @bound + 1"));
        Thread.sleep(PAUSE.toMillis());
        signal("-CONT", stopped.pid());
        assertEquals(List.of("6"), asked.get(30, TimeUnit.SECONDS));
      } finally {
        signal("-CONT", stopped.pid());
      }
    }
    cluster.awaitReady(stopped.node());
  }

  private static List<String> quietly(Connection connection, String sql) {
    try {
      return OneNode.rows(connection, sql);
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private boolean allAreHeard() {
    for (int gateway = 0; gateway < 3; gateway++) {
      try (Connection connection = root(gateway)) {
        if (!rows(connection, "SHOW STATUS LIKE 'lockstep_cluster_size'")
            .equals(List.of("lockstep_cluster_size|3"))) {
          return false;
        }
      } catch (SQLException notYet) {
        return false;
      }
    }
    return true;
  }

  @Test
  void keeps_what_only_its_connection_knows_when_it_begins_a_transaction() throws Exception {
    String node = follower().node();
    String questions = "SELECT LAST_INSERT_ID(), @one";
    try (Connection session = root(0)) {
      OneNode.run(
          session,
          "CREATE DATABASE drawn",
          "CREATE TABLE drawn.t (id INT AUTO_INCREMENT PRIMARY KEY)");
    }
    for (String given :
        List.of(
            "SELECT LAST_INSERT_ID(777)",
            "DO LAST_INSERT_ID(777)",
            "SET last_insert_id = 777",
            "SELECT LAST_INSERT_ID(?)")) {
      try (Connection session = masteredAt(node, 1)) {
        OneNode.run(session, "INSERT INTO drawn.t VALUES ()");
        if (given.endsWith("(?)")) {
          prepared(session, given, 777);
        } else {
          OneNode.run(session, given);
        }
        OneNode.run(session, "BEGIN");
        assertEquals(List.of("777|null"), OneNode.rows(session, questions), given);
      }
    }
    try (Connection session = masteredAt(node, 1)) {
      prepared(session, "SELECT @one := ?", 5);
      OneNode.run(session, "BEGIN");
      assertEquals(List.of("0|5"), OneNode.rows(session, questions));
    }
  }

  private static void prepared(Connection session, String sql, int value) throws SQLException {
    try (PreparedStatement statement = session.prepareStatement(sql)) {
      statement.setInt(1, value);
      statement.executeQuery().close();
    }
  }

  @Test
  void keeps_others_waiting_for_its_locks_at_every_gateway() throws Exception {
    String node = follower().node();
    try (Connection one = masteredAt(node, 0);
        Connection other = notMasteredAt(node, 1)) {
      OneNode.run(
          one,
          "CREATE DATABASE locks",
          "CREATE TABLE locks.held (a INT PRIMARY KEY, v INT)",
          "INSERT INTO locks.held VALUES (1, 10), (2, 20)",
          "CREATE TEMPORARY TABLE locks.mine (a INT)",
          "BEGIN");
      String locking = "SELECT v FROM locks.held WHERE a = 1 FOR UPDATE";
      assertEquals(List.of("10"), OneNode.rows(one, locking));
      OneNode.run(other, "SET innodb_lock_wait_timeout = 1", "BEGIN");
      assertEquals(1205, OneNode.error(other, locking));
      assertEquals(1205, OneNode.error(other, locking + " NOWAIT"));
      assertEquals(
          List.of("20"), OneNode.rows(other, "SELECT v FROM locks.held FOR UPDATE SKIP LOCKED"));
      OneNode.run(one, "COMMIT");
      OneNode.run(other, "ROLLBACK");
    }
  }

  @Test
  void that_waited_for_a_lock_sees_what_was_committed_under_it() throws Exception {
    int rounds = 6;
    int given = 0;
    try (Connection one = root(0);
        Connection other = root(2)) {
      OneNode.run(
          one,
          "CREATE DATABASE turns",
          "CREATE TABLE turns.t (a INT PRIMARY KEY, v INT)",
          "INSERT INTO turns.t VALUES (1, 0)");
      String locking = "SELECT v FROM turns.t WHERE a = 1 FOR UPDATE";
      for (int i = 0; i < rounds; i++) {
        OneNode.run(one, "BEGIN");
        String before = OneNode.rows(one, locking).get(0);
        OneNode.run(other, "BEGIN");
        CompletableFuture<List<String>> waiting =
            CompletableFuture.supplyAsync(() -> rows(other, locking));
        Thread.sleep(50);
        OneNode.run(one, "UPDATE turns.t SET v = v + 1", "COMMIT");
        boolean seen = waiting.join().equals(List.of(Integer.toString(parse(before) + 1)));
        int error = OneNode.error(other, "UPDATE turns.t SET v = v + 1");
        int committed = error == 0 ? OneNode.error(other, "COMMIT") : error;
        assertTrue(seen || committed == 1213, "old rows were committed upon");
        given += committed == 0 ? 1 : 0;
      }
      assertEquals(
          List.of(Integer.toString(rounds + given)), OneNode.rows(one, "SELECT v FROM turns.t"));
      // Which of the two comes first is a matter of milliseconds.
      assertTrue(given >= rounds / 2, "given up after waiting: " + (rounds - given));
    }
  }

  @Test
  void gets_its_turn_at_a_lock_and_reads_what_was_done_under_it() throws Exception {
    int sessions = 12;
    int each = 5;
    try (Connection one = root(0)) {
      OneNode.run(
          one,
          "CREATE DATABASE queue",
          "CREATE TABLE queue.lock_of (a INT PRIMARY KEY, n INT)",
          "INSERT INTO queue.lock_of VALUES (1, 0)",
          "CREATE TABLE queue.t (a INT PRIMARY KEY, v INT)",
          "INSERT INTO queue.t VALUES (1, 0)");
      List<CompletableFuture<Integer>> all = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        int gateway = i % 3;
        all.add(CompletableFuture.supplyAsync(() -> lockedIncrements(gateway, each), this::thread));
      }
      int refused = all.stream().mapToInt(CompletableFuture::join).sum();
      OneNode.run(one, "SET lockstep_consistency = 'strong'");
      assertEquals(
          List.of(Integer.toString(sessions * each - refused)),
          OneNode.rows(one, "SELECT v FROM queue.t"));
      // Nodes that have just started are slow, and some are given up.
      assertTrue(refused <= sessions * each / 2, "given up while they waited: " + refused);
    }
  }

  @Test
  void counts_what_others_have_counted_where_rows_are_ordered_instead_of_text() throws Exception {
    List<List<String>> ways =
        List.of(
            List.of("INSERT INTO counted.log (v) SELECT COUNT(*) + 1 FROM counted.log"),
            List.of(
                "BEGIN",
                "SELECT a FROM counted.lock_of WHERE a = 1 FOR UPDATE",
                "INSERT INTO counted.log (v) SELECT COUNT(*) + 1 FROM counted.log",
                "COMMIT"),
            List.of(
                "BEGIN",
                "UPDATE counted.lock_of SET n = n + 1 WHERE a = 1",
                "CALL counted.p()",
                "COMMIT"));
    try (Connection one = root(0)) {
      for (List<String> way : ways) {
        OneNode.run(
            one,
            "CREATE OR REPLACE DATABASE counted",
            "CREATE TABLE counted.lock_of (a INT PRIMARY KEY, n INT)",
            "INSERT INTO counted.lock_of VALUES (1, 0)",
            "CREATE TABLE counted.log (id INT AUTO_INCREMENT PRIMARY KEY, v INT)",
            "CREATE PROCEDURE counted.p() BEGIN DECLARE c INT;"
                + " SELECT COUNT(*) INTO c FROM counted.log;"
                + " INSERT INTO counted.log (v) VALUES (c + 1); END");
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
          int gateway = i % 3;
          all.add(CompletableFuture.supplyAsync(() -> repeated(gateway, 5, way), this::thread));
        }
        int done = all.stream().mapToInt(CompletableFuture::join).sum();
        OneNode.run(one, "SET lockstep_consistency = 'strong'");
        assertEquals(
            List.of(done + "|" + done),
            OneNode.rows(one, "SELECT COUNT(*), COUNT(DISTINCT v) FROM counted.log"),
            way::toString);
        assertTrue(done > 20, () -> "given up: " + way);
      }
    }
  }

  /** How many of them did not get 1213, or 1467 where that was met by an id (on one server too). */
  private int repeated(int gateway, int times, List<String> statements) {
    int done = 0;
    try (Connection session = root(gateway)) {
      OneNode.run(session, "SET lockstep_consistency = 'strong'");
      for (int i = 0; i < times; i++) {
        try {
          OneNode.run(session, statements.toArray(String[]::new));
          done++;
        } catch (SQLException gaveUp) {
          assertTrue(List.of(1213, 1467).contains(gaveUp.getErrorCode()), gaveUp::toString);
          OneNode.run(session, "ROLLBACK");
        }
      }
      return done;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void thread(Runnable work) {
    new Thread(work, "one of many").start();
  }

  /** How many of them got 1213. */
  private int lockedIncrements(int gateway, int times) {
    int refused = 0;
    try (Connection session = root(gateway)) {
      session.setAutoCommit(false);
      for (int i = 0; i < times; i++) {
        try {
          if (i % 2 == 0) {
            OneNode.rows(session, "SELECT a FROM queue.lock_of WHERE a = 1 FOR UPDATE");
          } else {
            OneNode.run(session, "UPDATE queue.lock_of SET n = n + 1 WHERE a = 1");
          }
          int now = parse(OneNode.rows(session, "SELECT v FROM queue.t WHERE a = 1").get(0));
          OneNode.run(session, "UPDATE queue.t SET v = " + (now + 1) + " WHERE a = 1");
          session.commit();
        } catch (SQLException gaveUp) {
          assertEquals(1213, gaveUp.getErrorCode());
          refused++;
        }
      }
      return refused;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int parse(String number) {
    return Integer.parseInt(number);
  }

  private NodeProcess follower() {
    String sequencer = cluster.sequencer().orElse("n1");
    return cluster.nodes().stream()
        .filter(node -> !node.node().equals(sequencer))
        .reduce((first, last) -> last)
        .orElseThrow();
  }

  private Connection masteredAt(String node, int gateway) throws SQLException {
    return chosen(gateway, master -> master.equals(node));
  }

  private Connection notMasteredAt(String node, int gateway) throws SQLException {
    return chosen(gateway, master -> !master.equals(node));
  }

  private Connection chosen(int gateway, java.util.function.Predicate<String> wanted)
      throws SQLException {
    for (int i = 0; i < 200; i++) {
      Connection connection = root(gateway);
      String row = OneNode.rows(connection, "SHOW STATUS LIKE 'lockstep_master'").get(0);
      if (wanted.test(row.substring(row.indexOf('|') + 1))) {
        return connection;
      }
      connection.close();
    }
    throw new IllegalStateException("no session got the master that was wanted");
  }

  private static void signal(String signal, long pid) throws Exception {
    new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor();
  }

  private static long idByPrepared(Connection connection) throws SQLException {
    try (PreparedStatement asking = connection.prepareStatement("SELECT CONNECTION_ID() + ?")) {
      asking.setInt(1, 0);
      try (ResultSet answer = asking.executeQuery()) {
        answer.next();
        return answer.getLong(1);
      }
    }
  }

  private static long id(Connection connection) {
    try {
      return connection.unwrap(org.mariadb.jdbc.Connection.class).getThreadId();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> rows(Connection connection, String query) {
    try {
      return OneNode.rows(connection, query);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Connection root(int node) throws SQLException {
    return as(node, "root", "");
  }

  private Connection as(int node, String user, String password) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:"
            + cluster.nodes().get(node).mysqlPort()
            + "/?allowPublicKeyRetrieval=true&useServerPrepStmts=true&useResetConnection=true",
        user,
        password);
  }
}
