package io.lockstep.chaos.live;

import io.lockstep.bus.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A cluster of one node for tests of what a client sees at its MySQL port. */
final class OneNode implements AutoCloseable {
  private final LiveCluster cluster;

  private OneNode(LiveCluster cluster) {
    this.cluster = cluster;
  }

  static OneNode start(Path folder) throws IOException {
    return start(folder, Map.of());
  }

  static OneNode start(Path folder, Map<String, String> environment) throws IOException {
    return new OneNode(cluster(folder, 1, environment));
  }

  /** Nodes on ports of their own, as {@code demo} starts them. */
  static LiveCluster cluster(Path folder, int nodes) throws IOException {
    return cluster(folder, nodes, Map.of());
  }

  private static LiveCluster cluster(Path folder, int nodes, Map<String, String> environment)
      throws IOException {
    int port = FreePorts.block();
    Path file = Path.of("../runtime/target/lockstep.jar").toAbsolutePath().normalize();
    Jar jar = new Jar(file, environment);
    return LiveCluster.start(jar, folder, nodes, port, port + FreePorts.BLOCK - 10, List.of());
  }

  /** Starts it again with one more line in the section {@code mysql} of its configuration. */
  void reconfigure(String line) throws IOException {
    Path config = Path.of(node().config());
    String before = Files.readString(config);
    Files.writeString(config, before.replace("mysql:\n", "mysql:\n  " + line + "\n"));
    restart();
  }

  /** Kills it and starts it again. */
  void restart() throws IOException {
    cluster.killNode(node().node());
    cluster.startNode(node().node());
    cluster.awaitReady(node().node());
  }

  int mysqlPort() {
    return node().mysqlPort();
  }

  /** The stock client. */
  MariaClient client() throws IOException {
    Path database = Path.of(node().config()).resolveSibling("database");
    String pid = Files.readString(database.resolve("mariadbd.pid")).strip();
    return MariaClient.beside(Long.parseLong(pid), node().mysqlPort());
  }

  Connection root() throws SQLException {
    return DriverManager.getConnection(node().jdbcUrl());
  }

  /** With more options of the driver, each behind an ampersand. */
  Connection root(String options) throws SQLException {
    return DriverManager.getConnection(node().jdbcUrl() + options);
  }

  Connection as(String user, String password) throws SQLException {
    return connect(node().mysqlPort(), user, password);
  }

  /** Past Lockstep, at the node's own database, as whatever account it has. */
  Connection atDatabase(String user, String password) throws SQLException {
    return connect(node().databasePort(), user, password);
  }

  private static Connection connect(int port, String user, String password) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:" + port + "/?allowPublicKeyRetrieval=true", user, password);
  }

  /**
   * Writes as another node's clients do: a write under an idempotency key waits for nobody's row
   * locks.
   */
  void elsewhere(String schema, String... statements) throws IOException, InterruptedException {
    for (String sql : statements) {
      execute(UUID.randomUUID().toString(), schema, sql);
    }
  }

  /** The body of the answer to a write under an idempotency key. */
  String execute(String key, String schema, String sql) throws IOException, InterruptedException {
    String basic = Base64.getEncoder().encodeToString("root:".getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node().httpPort() + "/v1/execute"))
            .header("Authorization", "Basic " + basic)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"database\":\"" + schema + "\",\"sql\":\"" + sql + "\"}"))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(response.statusCode() + " " + response.body());
    }
    return response.body();
  }

  private NodeProcess node() {
    return cluster.nodes().get(0);
  }

  static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The rows of a query, columns joined by a bar. */
  static List<String> rows(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(query)) {
      List<String> rows = new ArrayList<>();
      int columns = results.getMetaData().getColumnCount();
      while (results.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(String.valueOf(results.getString(i)));
        }
        rows.add(String.join("|", row));
      }
      return rows;
    }
  }

  /** The error code that a statement ends with; 0 when it succeeds. */
  static int error(Connection connection, String sql) {
    try {
      run(connection, sql);
      return 0;
    } catch (SQLException e) {
      return e.getErrorCode();
    }
  }

  @Override
  public void close() {
    cluster.close();
  }
}
