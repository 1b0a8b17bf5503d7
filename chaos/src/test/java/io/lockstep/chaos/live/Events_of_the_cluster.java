package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events run once in the cluster, whoever of its nodes is alive, and are the same on every node.
 */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class Events_of_the_cluster {
  private static final Duration WITHIN = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final String SAY =
      " DO INSERT INTO said (what, who, port, u) VALUES ('%s', CURRENT_USER(), @@port, UUID())";

  private LiveCluster cluster;
  private Connection client;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    cluster = OneNode.cluster(folder, 3);
    connect(cluster.nodes().get(0));
    run(
        "CREATE DATABASE d",
        "USE d",
        "CREATE TABLE said (id INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(20), who VARCHAR(80),"
            + " port INT, at TIMESTAMP DEFAULT NOW(), u CHAR(36) UNIQUE)");
  }

  private void connect(NodeProcess node) throws SQLException {
    client = DriverManager.getConnection(node.jdbcUrl());
  }

  @BeforeEach
  void switchOn() throws SQLException {
    run("USE d", "SET GLOBAL event_scheduler = ON");
  }

  @AfterEach
  void every_node_has_the_same() throws Exception {
    for (String event :
        rows("SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = 'd'")) {
      run("DROP EVENT IF EXISTS `" + event.replace("`", "``") + "`");
    }
    assertEquals(0, cluster.verify());
  }

  @AfterAll
  void stop() throws SQLException {
    client.close();
    cluster.close();
  }

  private void run(String... statements) throws SQLException {
    OneNode.run(client, statements);
  }

  private List<String> rows(String query) throws SQLException {
    return OneNode.rows(client, query);
  }

  private int error(String sql) {
    return OneNode.error(client, sql);
  }

  private static String event(String name, String schedule) {
    return "CREATE EVENT " + name + " ON SCHEDULE " + schedule + SAY.formatted(name);
  }

  private int said(String what) throws SQLException {
    return Integer.parseInt(rows("SELECT COUNT(*) FROM said WHERE what = '" + what + "'").get(0));
  }

  private void awaitSaid(String what, int times) {
    await(what + " to be said " + times + " times", () -> said(what) >= times);
  }

  private interface Condition {
    boolean holds() throws SQLException;
  }

  private static void await(String what, Condition condition) {
    Waiting.until(
        what,
        WITHIN,
        PAUSE,
        () -> {
          try {
            return condition.holds();
          } catch (SQLException e) {
            throw new UncheckedIOException(new IOException(e));
          }
        });
  }

  @Test
  void each_instant_is_run_once_and_the_next_node_goes_on_when_one_dies() throws Exception {
    run(event("tick", "EVERY 1 SECOND"), event("hourly", "EVERY 1 HOUR"));
    awaitSaid("hourly", 1);
    awaitSaid("tick", 2);
    String port = rows("SELECT port FROM said WHERE what = 'tick' ORDER BY id DESC LIMIT 1").get(0);
    String leader = owner(port).node();
    client.close();
    cluster.killNode(leader);
    connect(other(leader));
    run("USE d");
    await(
        "another node to go on",
        () -> rows("SELECT 1 FROM said WHERE what = 'tick' AND port <> " + port).size() >= 3);
    assertEquals(1, said("hourly"));
    assertEquals(
        List.of("1"),
        rows(
            "SELECT COUNT(*) <= 1 + TIMESTAMPDIFF(SECOND, MIN(at), MAX(at)) FROM said"
                + " WHERE what = 'tick'"));
    cluster.startNode(leader);
    cluster.awaitReady(leader);
  }

  private NodeProcess owner(String databasePort) {
    return cluster.nodes().stream()
        .filter(node -> Integer.toString(node.databasePort()).equals(databasePort))
        .findFirst()
        .orElseThrow();
  }

  private NodeProcess other(String leader) {
    return cluster.nodes().stream()
        .filter(node -> !node.node().equals(leader))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void an_event_is_changed_renamed_disabled_and_dropped_as_on_one_server() throws Exception {
    run("SET time_zone = '+02:00'", event("first", "EVERY 1 SECOND"));
    assertEquals(1537, error(event("first", "EVERY 1 SECOND")));
    assertEquals(1539, error("ALTER EVENT no_such DISABLE"));
    awaitSaid("first", 1);
    run("ALTER EVENT first RENAME TO second" + SAY.formatted("second"));
    awaitSaid("second", 1);
    run("ALTER EVENT second DISABLE");
    int before = said("second");
    run(event("clock", "AT NOW() + INTERVAL 3 SECOND ON COMPLETION PRESERVE"));
    run(event("once", "AT CURRENT_TIMESTAMP"));
    run(event("thrice", "EVERY 1 SECOND ENDS NOW() + INTERVAL 2 SECOND"));
    assertEquals(
        List.of("second|DISABLED|+02:00"),
        rows(
            "SELECT EVENT_NAME, STATUS, TIME_ZONE FROM information_schema.EVENTS"
                + " WHERE EVENT_NAME = 'second'"));
    await(
        "what is over to end",
        () ->
            rows("SELECT EVENT_NAME, STATUS FROM information_schema.EVENTS ORDER BY 1")
                .equals(List.of("clock|DISABLED", "second|DISABLED")));
    assertEquals(1, said("clock"));
    assertEquals(1, said("once"));
    assertTrue(said("thrice") >= 1);
    assertEquals(before, said("second"));
    run("SET time_zone = DEFAULT");
  }

  @Test
  void an_event_may_do_what_its_definer_may() throws Exception {
    run(
        "CREATE USER u IDENTIFIED BY 'x'",
        "GRANT SELECT, INSERT, EVENT ON d.* TO u",
        "CREATE TABLE kept (a INT) AS SELECT 1 AS a",
        "CREATE DEFINER=u EVENT deletes ON SCHEDULE EVERY 1 SECOND DO DELETE FROM kept");
    try (Connection u =
        DriverManager.getConnection(
            cluster.nodes().get(1).jdbcUrl().replace("user=root", "user=u&password=x"))) {
      OneNode.run(u, "USE d", event("ofu", "EVERY 1 SECOND"));
      assertEquals(1044, OneNode.error(u, "CREATE EVENT mysql.e ON SCHEDULE AT NOW() DO DO 1"));
      assertEquals(
          1227,
          OneNode.error(u, "CREATE DEFINER=root@localhost EVENT e ON SCHEDULE AT NOW() DO DO 1"));
    }
    awaitSaid("ofu", 2);
    assertEquals(List.of("u@%"), rows("SELECT DISTINCT who FROM said WHERE what = 'ofu'"));
    assertEquals(List.of("1"), rows("SELECT COUNT(*) FROM kept"));
    run("DROP USER u");
    int before = said("ofu");
    run(event("later", "AT NOW() + INTERVAL 3 SECOND"));
    awaitSaid("later", 1);
    assertTrue(said("ofu") <= before + 1);
    run("DROP TABLE kept");
  }

  @Test
  void a_body_of_several_statements_is_run_under_what_it_was_written_under() throws Exception {
    run(
        "SET sql_mode = 'ANSI_QUOTES', time_zone = '+03:00'",
        "CREATE EVENT \"odd `name\" ON SCHEDULE AT NOW() DO BEGIN DECLARE i INT DEFAULT 2;"
            + " WHILE i > 0 DO INSERT INTO \"said\" (what, who) VALUES ('mode', @@time_zone);"
            + " INSERT INTO \"said\" (what, who) VALUES ('user', USER());"
            + " SET i = i - 1; END WHILE; SELECT 1; CALL no_such(); END",
        "SET sql_mode = DEFAULT, time_zone = DEFAULT");
    awaitSaid("mode", 2);
    assertEquals(List.of("+03:00", "+03:00"), rows("SELECT who FROM said WHERE what = 'mode'"));
    assertEquals(
        List.of("lockstep@localhost"), rows("SELECT DISTINCT who FROM said WHERE what = 'user'"));
  }

  @Test
  void the_switch_is_the_clusters_and_no_databases() throws Exception {
    run("CREATE OR REPLACE EVENT off ON SCHEDULE EVERY 1 SECOND" + SAY.formatted("off"));
    assertEquals(List.of(), rows("SHOW WARNINGS"));
    awaitSaid("off", 1);
    assertEquals(List.of("null"), rows("SELECT LAST_EXECUTED FROM information_schema.EVENTS"));
    run("SET @was = @@event_scheduler", "SET GLOBAL event_scheduler = 0");
    try (Connection elsewhere = DriverManager.getConnection(cluster.nodes().get(2).jdbcUrl())) {
      String show = "SHOW GLOBAL VARIABLES LIKE 'event_scheduler'";
      String read = "SELECT @@event_scheduler, @@GLOBAL.event_scheduler";
      String table =
          "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_VARIABLES"
              + " WHERE VARIABLE_NAME = 'EVENT_SCHEDULER'";
      await("every node to know", () -> OneNode.rows(elsewhere, read).equals(List.of("OFF|OFF")));
      Waiting.sleep(Duration.ofSeconds(1));
      int before = said("off");
      assertEquals(List.of("event_scheduler|OFF"), OneNode.rows(elsewhere, show));
      Waiting.sleep(Duration.ofSeconds(2));
      assertEquals(before, said("off"));
      run("SET GLOBAL event_scheduler = @was");
      assertEquals(List.of("ON|ON"), rows(read));
      assertEquals(List.of("event_scheduler|ON"), rows(show));
      assertEquals(List.of("ON"), rows(table));
      awaitSaid("off", before + 1);
    }
    assertEquals(1231, error("SET GLOBAL event_scheduler = DISABLED"));
    assertEquals(1229, error("SET SESSION event_scheduler = ON"));
    assertEquals(1235, error("SET GLOBAL event_scheduler = ON, GLOBAL wait_timeout = 100"));
    for (NodeProcess node : cluster.nodes()) {
      try (Connection database = DriverManager.getConnection(node.databaseUrl())) {
        assertEquals(List.of("OFF"), OneNode.rows(database, "SELECT @@event_scheduler"));
      }
    }
  }
}
