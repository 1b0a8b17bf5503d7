package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sequences are the order's: one for all gateways, whatever happens to a database. */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class Sequences_of_the_cluster {
  private static final int DRAWS = 60;
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final List<Connection> clients = new ArrayList<>();
  private LiveCluster cluster;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    cluster = OneNode.cluster(folder, 3);
    connect();
    OneNode.run(clients.get(0), "CREATE DATABASE d");
    use();
  }

  private void connect() throws SQLException {
    for (NodeProcess node : cluster.nodes()) {
      clients.add(DriverManager.getConnection(node.jdbcUrl()));
    }
  }

  private void use() throws SQLException {
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

  private List<String> ask(String query) throws SQLException {
    return OneNode.rows(clients.get(0), query);
  }

  private void run(String... statements) throws SQLException {
    OneNode.run(clients.get(0), statements);
  }

  private int error(String sql) {
    return OneNode.error(clients.get(0), sql);
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void no_value_is_given_twice_also_across_the_death_of_databases() throws Exception {
    run("CREATE SEQUENCE ids", "CREATE TABLE drawn (id BIGINT PRIMARY KEY DEFAULT NEXTVAL(ids))");
    TreeSet<Long> values = new TreeSet<>(drawEverywhere());
    // Behind a definition a database can lose no more than what is applied again.
    run("ALTER SEQUENCE ids CACHE 20");
    values.addAll(drawEverywhere());
    for (NodeProcess node : cluster.nodes()) {
      cluster.killDatabase(node.node());
    }
    cluster.nodes().forEach(node -> cluster.awaitReady(node.node()));
    clients.clear();
    connect();
    use();
    values.addAll(drawEverywhere());
    run("INSERT INTO drawn VALUES (), ()");
    long all = 9 * DRAWS;
    assertEquals(LongStream.rangeClosed(1, all).boxed().toList(), List.copyOf(values));
    assertEquals(List.of(all + 1 + "|" + (all + 2)), ask("SELECT MIN(id), MAX(id) FROM drawn"));
    assertEquals(0, cluster.verify());
  }

  private List<Long> drawEverywhere() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(clients.size());
    try {
      List<Future<List<Long>>> drawing = new ArrayList<>();
      for (Connection client : clients) {
        drawing.add(threads.submit(() -> draw(client)));
      }
      List<Long> all = new ArrayList<>();
      for (Future<List<Long>> one : drawing) {
        all.addAll(one.get());
      }
      return all;
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Long> draw(Connection client) throws SQLException {
    List<Long> values = new ArrayList<>();
    try (PreparedStatement next = client.prepareStatement("SELECT NEXTVAL(ids)")) {
      for (int i = 0; i < DRAWS; i++) {
        try (ResultSet row = next.executeQuery()) {
          row.next();
          values.add(row.getLong(1));
        }
      }
    }
    return values;
  }

  @Test
  void each_form_answers_as_one_server_does() throws Exception {
    run("CREATE OR REPLACE SEQUENCE s START 10 MINVALUE 10 MAXVALUE 14 INCREMENT 2 CYCLE");
    assertEquals(List.of("null"), ask("SELECT LASTVAL(s)"));
    assertEquals(
        List.of("10|12|12|14|10"),
        ask("SELECT NEXTVAL(s), NEXT VALUE FOR s, LASTVAL(s), NEXTVAL(d.s), NEXTVAL(s)"));
    assertEquals(List.of("12|10|14|10|2|1000|1|1"), ask("SELECT * FROM s"));
    assertEquals(
        List.of(
            "s|CREATE SEQUENCE `s` start with 10 minvalue 10 maxvalue 14 increment by 2"
                + " cache 1000 cycle ENGINE=InnoDB"),
        ask("SHOW CREATE SEQUENCE s"));
    run("CREATE SEQUENCE IF NOT EXISTS s", "CREATE OR REPLACE SEQUENCE e MAXVALUE 12");
    assertEquals(List.of("null|10|11"), ask("SELECT SETVAL(e, -1), SETVAL(e, 10), NEXTVAL(e)"));
    assertEquals(List.of("12"), ask("SELECT NEXTVAL(e)"));
    assertEquals(4084, error("SELECT NEXTVAL(e)"));
    run("ALTER SEQUENCE e MAXVALUE 20", "RENAME TABLE e TO f");
    assertEquals(List.of("13"), ask("SELECT NEXTVAL(f)"));
    run("ALTER SEQUENCE f RESTART 3", "SET @x = NEXTVAL(f)");
    assertEquals(List.of("3|3"), ask("SELECT @x, PREVIOUS VALUE FOR f"));
    run("DROP SEQUENCE f");
    assertEquals(4091, error("SELECT NEXTVAL(f)"));
  }

  @Test
  void values_are_not_given_back_by_a_rollback() throws Exception {
    run(
        "CREATE SEQUENCE r",
        "CREATE TABLE kept (id BIGINT PRIMARY KEY DEFAULT NEXTVAL(r), b INT)",
        "BEGIN",
        "INSERT INTO kept (b) VALUES (1), (2)",
        "ROLLBACK",
        "BEGIN",
        "INSERT INTO kept (b) VALUES (3)",
        "INSERT INTO kept VALUES (NEXTVAL(r), 4)",
        "COMMIT",
        "UPDATE kept SET b = NEXTVAL(r) WHERE id = 3");
    assertEquals(List.of("3|5", "4|4"), ask("SELECT id, b FROM kept ORDER BY id"));
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void a_definition_waits_at_no_node_for_a_transaction_that_has_drawn() throws Exception {
    run(
        "CREATE SEQUENCE held",
        "CREATE TABLE fed (id BIGINT PRIMARY KEY DEFAULT NEXTVAL(held), b INT)",
        "CREATE TABLE behind (id INT)");
    try (Connection open =
        DriverManager.getConnection(cluster.nodes().get(1).jdbcUrl().replace("?", "d?"))) {
      OneNode.run(open, "BEGIN", "INSERT INTO fed (b) VALUES (7)");
      run("ALTER SEQUENCE held RESTART 50", "INSERT INTO behind VALUES (1)");
      for (NodeProcess node : cluster.nodes()) {
        Waiting.until(
            "the row at " + node.node(), SOON, PAUSE, () -> isAt(node, "SELECT * FROM d.behind"));
      }
      OneNode.run(open, "COMMIT");
    }
    run("INSERT INTO fed (b) VALUES (8)");
    assertEquals(List.of("1|7", "50|8"), ask("SELECT * FROM fed ORDER BY id"));
  }

  /** A stored program draws from the server's own sequence as these clients of the server do. */
  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void the_servers_own_sequence_gives_nothing_while_it_is_defined() throws Exception {
    run("CREATE SEQUENCE apart");
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService threads = Executors.newCachedThreadPool();
    List<Future<Integer>> drawing = new ArrayList<>();
    for (NodeProcess node : cluster.nodes()) {
      drawing.add(threads.submit(() -> draw(node, over)));
    }
    for (int i = 1; i <= 40; i++) {
      run("ALTER SEQUENCE apart INCREMENT " + (1 + i % 2));
    }
    over.set(true);
    for (Future<Integer> drawn : drawing) {
      assertEquals(0, drawn.get());
    }
    threads.shutdown();
  }

  private static int draw(NodeProcess node, AtomicBoolean over) throws SQLException {
    int drawn = 0;
    try (Connection database = DriverManager.getConnection(node.databaseUrl())) {
      while (!over.get()) {
        drawn += OneNode.error(database, "SELECT NEXTVAL(d.apart)") == 0 ? 1 : 0;
      }
    }
    return drawn;
  }

  private static boolean isAt(NodeProcess node, String query) {
    try (Connection database = DriverManager.getConnection(node.databaseUrl())) {
      return !OneNode.rows(database, query).isEmpty();
    } catch (SQLException e) {
      return false;
    }
  }

  @Test
  void what_needs_a_value_for_each_row_or_in_a_program_is_refused() throws Exception {
    run(
        "CREATE SEQUENCE p",
        "CREATE TABLE sink (id BIGINT PRIMARY KEY DEFAULT NEXTVAL(p), b INT)",
        "INSERT INTO sink (b) VALUES (1)",
        "CREATE PROCEDURE draws() SELECT NEXTVAL(p)",
        "CREATE PROCEDURE inserts() INSERT INTO sink (b) VALUES (2)",
        "CREATE PROCEDURE hides() EXECUTE IMMEDIATE CONCAT('SELECT NEXT', 'VAL(p)')",
        "CREATE FUNCTION gives() RETURNS BIGINT RETURN NEXTVAL(p)");
    for (String sql :
        List.of(
            "SELECT NEXTVAL(p), b FROM sink",
            "INSERT INTO sink (b) SELECT b FROM sink",
            "UPDATE sink SET id = NEXTVAL(p)",
            "CALL draws()",
            "CALL inserts()",
            "CALL hides()",
            "SELECT gives()",
            "CREATE TEMPORARY SEQUENCE q",
            "CREATE TABLE q (a INT) SEQUENCE=1")) {
      assertEquals(1235, error(sql), sql);
    }
    assertEquals(List.of("2"), ask("SELECT NEXTVAL(p)"), "nothing was drawn");
  }

  @Test
  void an_account_draws_only_where_it_may() throws Exception {
    run(
        "CREATE SEQUENCE secret",
        "CREATE USER reader IDENTIFIED BY 'r'",
        "GRANT SELECT ON d.* TO reader");
    NodeProcess node = cluster.nodes().get(0);
    try (Connection reader =
        DriverManager.getConnection(
            "jdbc:mariadb://127.0.0.1:" + node.mysqlPort() + "/d", "reader", "r")) {
      assertEquals(1142, OneNode.error(reader, "SELECT NEXTVAL(secret)"));
      assertEquals(1142, OneNode.error(reader, "CREATE SEQUENCE mine"));
      assertEquals(1142, OneNode.error(reader, "ALTER SEQUENCE secret RESTART"));
    }
    assertEquals(List.of("1"), ask("SELECT NEXTVAL(secret)"));
  }
}
