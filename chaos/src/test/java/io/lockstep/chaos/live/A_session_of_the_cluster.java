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
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
  private static final Duration PAUSE = Duration.ofMillis(50);

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
      OneNode.run(two, "KILL QUERY " + id(one));
      assertEquals(1317, sleeping.join());
      assertEquals(List.of("1"), OneNode.rows(one, "SELECT 1"));
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
