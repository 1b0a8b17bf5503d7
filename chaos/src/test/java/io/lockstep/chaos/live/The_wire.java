package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.BackendConnection;
import io.lockstep.mysql.BackendCredential;
import io.lockstep.mysql.BackendOptions;
import io.lockstep.mysql.Capabilities;
import io.lockstep.mysql.Collations;
import io.lockstep.mysql.ColumnDefinition;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.ReplyShape;
import io.lockstep.mysql.ServerStatus;
import io.lockstep.mysql.TextRows;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client and the MySQL port agree on before the first statement, with real clients. */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class The_wire {
  private OneNode node;
  private MariaClient client;
  private Path certificate;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node = OneNode.start(folder);
    node.reconfigure("proxy-protocol-networks: ['127.0.0.2/31']");
    client = node.client();
    certificate = MariaClient.find(folder, "certificate.pem");
    try (Connection root = node.root()) {
      OneNode.run(
          root,
          "CREATE DATABASE d",
          "CREATE TABLE d.t (id INT PRIMARY KEY, filler LONGTEXT)",
          "INSERT INTO d.t VALUES (1, REPEAT('abcdefghij', 200000))",
          "CREATE USER app@localhost IDENTIFIED BY 'secret'",
          "CREATE USER safe@localhost IDENTIFIED BY 'secret' REQUIRE SSL",
          "CREATE USER certified@localhost IDENTIFIED BY 'secret' REQUIRE X509",
          "CREATE USER far@'10.9.8.7' IDENTIFIED BY 'secret'",
          "GRANT ALL ON d.* TO app@localhost",
          "GRANT ALL ON d.* TO safe@localhost");
    }
  }

  @AfterAll
  void stop() {
    node.close();
  }

  private Connection inBulk() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:" + node.mysqlPort() + "/d?user=root&useBulkStmts=true");
  }

  private static int[] batch(Connection connection, String sql, int from, int to)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = from; i < to; i++) {
        statement.setInt(1, i);
        if ((i - from) % 3 == 2) {
          statement.setNull(2, java.sql.Types.VARCHAR);
        } else {
          statement.setString(2, "it's " + i);
        }
        statement.addBatch();
      }
      return statement.executeBatch();
    }
  }

  private static long writes(Connection connection) throws SQLException {
    return Long.parseLong(
        OneNode.rows(
                connection,
                "SELECT variable_value FROM information_schema.session_status"
                    + " WHERE variable_name = 'lockstep_session_seen'")
            .get(0));
  }

  @Test
  void many_rows_of_parameters_are_one_write() throws Exception {
    try (Connection connection = inBulk()) {
      OneNode.run(connection, "CREATE TABLE bulk (id INT PRIMARY KEY, v VARCHAR(20))");
      long before = writes(connection);
      batch(connection, "INSERT INTO bulk VALUES (?, ?)", 0, 5_000);
      assertEquals(before + 1, writes(connection));
      assertEquals(
          List.of("5000 3334 it's 4999"),
          OneNode.rows(
              connection,
              "SELECT CONCAT_WS(' ', COUNT(*), COUNT(v), MAX(IF(id = 4999, v, ''))) FROM bulk"));
    }
  }

  @Test
  void many_rows_of_parameters_take_effect_wholly_or_not_at_all() throws Exception {
    try (Connection connection = inBulk()) {
      OneNode.run(
          connection,
          "CREATE TABLE whole (id INT PRIMARY KEY, v VARCHAR(20))",
          "INSERT INTO whole VALUES (7, 'seven')");
      String insert = "INSERT INTO whole VALUES (?, ?)";
      assertThrows(SQLException.class, () -> batch(connection, insert, 0, 10));
      assertEquals(List.of("1"), OneNode.rows(connection, "SELECT COUNT(*) FROM whole"));
      batch(connection, insert, 8, 11);
      // Not one statement, so a transaction.
      long before = writes(connection);
      batch(connection, "UPDATE whole SET id = ? + 100 WHERE v = ?", 8, 11);
      assertEquals(before + 1, writes(connection));
      assertEquals(
          List.of("7", "10", "108", "109"),
          OneNode.rows(connection, "SELECT id FROM whole ORDER BY id"));
      OneNode.run(connection, "ALTER TABLE whole ADD UNIQUE (v)");
      String rename = "UPDATE whole SET id = ? + 200, v = 'one' WHERE v = ?";
      assertThrows(SQLException.class, () -> batch(connection, rename, 8, 11));
      connection.setAutoCommit(false);
      batch(connection, "DELETE FROM whole WHERE id = ? OR v = ?", 7, 8);
      assertThrows(SQLException.class, () -> batch(connection, rename, 8, 11));
      connection.commit();
      assertEquals(
          List.of("10", "108", "109"),
          OneNode.rows(connection, "SELECT id FROM whole ORDER BY id"));
    }
  }

  private String as(String user, String sql, String... options) throws Exception {
    String[] all = new String[options.length + 2];
    all[0] = "--user=" + user;
    all[1] = "--password=secret";
    System.arraycopy(options, 0, all, 2, options.length);
    return client.run(sql, all).text();
  }

  @Test
  void is_encrypted_and_the_client_trusts_it_by_its_password() throws Exception {
    assertEquals("app@localhost", as("app", "SELECT CURRENT_USER()", "--ssl-verify-server-cert"));
  }

  @Test
  void is_trusted_by_a_client_that_was_given_the_certificate() throws Exception {
    assertEquals("app@localhost", as("app", "SELECT CURRENT_USER()", "--ssl-ca=" + certificate));
    String options = "&user=app&password=secret&sslMode=verify-full&serverSslCert=" + certificate;
    try (Connection encrypted = node.root(options)) {
      assertEquals(List.of("1"), OneNode.rows(encrypted, "SELECT id FROM d.t"));
    }
  }

  @Test
  void tells_a_client_of_its_own_encryption_and_not_of_the_gateway_s() throws Exception {
    String both = "SHOW STATUS WHERE Variable_name IN ('Ssl_cipher', 'Ssl_version')";
    String shown = as("app", both, "--ssl");
    assertTrue(shown.contains("Ssl_cipher\tTLS_") && shown.contains("Ssl_version\tTLSv1"), shown);
    assertEquals("Ssl_cipher\t", as("app", "SHOW STATUS LIKE 'Ssl_cipher'", "--skip-ssl"));
  }

  @Test
  void may_be_left_open() throws Exception {
    assertEquals("app@localhost", as("app", "SELECT CURRENT_USER()", "--skip-ssl"));
  }

  @Test
  void is_encrypted_for_an_account_that_requires_it() throws Exception {
    assertEquals("safe@localhost", as("safe", "SELECT CURRENT_USER()"));
    assertEquals("", as("safe", "INSERT INTO d.t VALUES (2, NULL); DELETE FROM d.t WHERE id = 2"));
    String refused = as("safe", "SELECT 1", "--skip-ssl");
    assertTrue(refused.startsWith("ERROR 1045 (28000): Access denied for user 'safe'"), refused);
    String impossible = as("certified", "SELECT 1");
    assertTrue(impossible.startsWith("ERROR 1235 "), impossible);
  }

  @ParameterizedTest
  @CsvSource({"--skip-ssl", "--ssl"})
  void is_compressed_for_a_client_that_asks(String tls) throws Exception {
    String sql = "SELECT MD5(filler), LENGTH(filler) FROM d.t WHERE id = 1";
    String plain = as("app", sql);
    assertEquals(plain, as("app", sql, "--compress", tls));
    String all = "SELECT filler FROM d.t WHERE id = 1";
    assertEquals(as("app", all), as("app", all, "--compress", tls));
    String insert = "INSERT INTO d.t VALUES (3, '" + "xyz".repeat(20_000) + "')";
    assertEquals("", as("app", insert + "; DELETE FROM d.t WHERE id = 3", "--compress", tls));
  }

  @Test
  void is_compressed_for_a_driver_that_asks() throws Exception {
    try (Connection compressed = node.root("&useCompression=true")) {
      OneNode.run(compressed, "INSERT INTO d.t VALUES (4, REPEAT('z', 100000))");
      assertEquals(
          List.of("100000"), OneNode.rows(compressed, "SELECT LENGTH(filler) FROM d.t WHERE id=4"));
      OneNode.run(compressed, "DELETE FROM d.t WHERE id = 4");
    }
  }

  /** MySQL's own driver reads by cursor, and begins with caching_sha2_password. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sslMode=DISABLED",
        "sslMode=REQUIRED&useCompression=true",
        "sslMode=DISABLED&defaultAuthenticationPlugin=caching_sha2_password",
      })
  void serves_the_driver_of_another_house(String options) throws Exception {
    String url = "jdbc:mysql://127.0.0.1:" + node.mysqlPort() + "/d?useServerPrepStmts=true&";
    try (Connection foreign =
            DriverManager.getConnection(url + "useCursorFetch=true&" + options, "app", "secret");
        PreparedStatement query =
            foreign.prepareStatement("SELECT seq FROM seq_1_to_1000 WHERE seq > ?")) {
      query.setFetchSize(7);
      query.setInt(1, 10);
      int rows = 0;
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          rows++;
        }
      }
      assertEquals(990, rows);
      OneNode.run(foreign, "INSERT INTO d.t VALUES (5, 'x')", "DELETE FROM d.t WHERE id = 5");
    }
  }

  @Test
  void ends_a_client_that_is_silent_for_longer_than_its_wait_timeout() throws Exception {
    raw(
        0,
        silent -> silent.query(Bytes.utf8("SET wait_timeout = 1")).compose(set -> silent.ended()));
  }

  /** The bytes are those that a MariaDB 11.4 server sends. */
  @Test
  void tells_clients_that_ask_what_changed_in_their_session() throws Exception {
    Bytes schema =
        raw(
            Capabilities.SESSION_TRACK,
            client -> client.useSchema(Bytes.utf8("d")).map(The_wire::state));
    assertEquals(Bytes.ofLatin1("\1\2\1d"), schema);
    Bytes variable =
        raw(
            Capabilities.SESSION_TRACK,
            client -> client.query(Bytes.utf8("SET time_zone = '+01:00'")).map(The_wire::state));
    assertEquals(Bytes.ofLatin1("\0\21\ttime_zone\6+01:00"), variable);
    Bytes unasked = raw(0, client -> client.useSchema(Bytes.utf8("d")).map(The_wire::state));
    assertEquals(Bytes.EMPTY, unasked);
    try (Connection root = node.root()) {
      assertEquals(1235, OneNode.error(root, "SET session_track_transaction_info = 'STATE'"));
    }
  }

  /** The bytes are those that a MariaDB 10.11 server sends. */
  @Test
  void tells_a_client_that_it_has_dropped_its_default_schema() throws Exception {
    Reply dropped =
        raw(
            Capabilities.SESSION_TRACK,
            client ->
                client
                    .query(Bytes.utf8("CREATE DATABASE gone"))
                    .compose(made -> client.useSchema(Bytes.utf8("gone")))
                    .compose(used -> client.query(Bytes.utf8("DROP DATABASE gone"))));
    assertEquals(Bytes.ofLatin1("\1\1\0"), state(dropped));
    int status = dropped.fold(ok -> ok.packet().status(), err -> 0, rows -> 0);
    assertTrue(ServerStatus.has(status, ServerStatus.DB_DROPPED));
  }

  @Test
  void announces_further_results_behind_the_columns_already() throws Exception {
    Reply reply =
        raw(
            Capabilities.MULTI_STATEMENTS | Capabilities.MULTI_RESULTS,
            client -> client.query(Bytes.utf8("SELECT 1; SELECT 2")));
    List<Boolean> announced =
        reply.<List<Boolean>>fold(
            ok -> List.of(),
            err -> List.of(),
            results ->
                results.parts().stream()
                    .map(
                        part ->
                            part.<Boolean>foldPart(
                                ok -> false, err -> false, The_wire::announcesMore))
                    .toList());
    assertEquals(List.of(true, false), announced);
  }

  /** As MariaDB does it; MySQL closes the connection. */
  @Test
  void goes_on_for_a_client_that_is_refused_as_another_user() throws Exception {
    List<String> answers =
        raw(
            0,
            client ->
                client
                    .useSchema(Bytes.utf8("d"))
                    .compose(used -> client.query(Bytes.utf8("SET @a = 1")))
                    .compose(set -> refusedAs(client, "nobody"))
                    .compose(first -> refusedAs(client, "nobody").map(first::concat))
                    .compose(two -> refusedAs(client, "nobody").map(two::concat))
                    .compose(three -> refusedAs(client, "root").map(three::concat))
                    .map(all -> List.of(all.split(";"))));
    assertEquals(
        List.of(
            "1045",
            "root@localhost d none",
            "1045",
            "root@localhost d none",
            "1045",
            "root@localhost d none"),
        answers.subList(0, 6));
    // The fourth is not looked at, whoever it would be.
    assertEquals(List.of("1047", "root@localhost d none"), answers.subList(6, 8));
  }

  private static Future<String> refusedAs(BackendConnection client, String user) {
    return client
        .changeUser(user, new BackendCredential.None(), "", Collations.UTF8MB4_GENERAL_CI)
        .map(reply -> reply.failure().map(MySqlError::code).orElse(0) + ";")
        .compose(
            code ->
                TextRows.query(
                        client,
                        "SELECT CONCAT_WS(' ', CURRENT_USER(), DATABASE(), IFNULL(@a, 'none'))")
                    .map(
                        rows -> code + rows.rows().get(0).get(0).orElse(Bytes.EMPTY).utf8() + ";"));
  }

  /** By the flags of the EOF behind the definitions. */
  private static boolean announcesMore(Reply.Rows rows) {
    return (rows.packets().get(rows.columns() + 1).at(3) & ServerStatus.MORE_RESULTS) != 0;
  }

  private static Bytes state(Reply reply) {
    return reply.fold(ok -> ok.packet().sessionState(), err -> Bytes.EMPTY, rows -> Bytes.EMPTY);
  }

  /** A read and a write, alone, after a write, in a transaction, and what the gateway answers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT j, u, p, i FROM d.typed",
        "INSERT INTO d.typed VALUES ('{}', NULL, NULL, 0) RETURNING j, u, p, i",
        "DELETE FROM d.typed WHERE i = 0 + 0 * RAND() RETURNING j, u, p, i",
        "BEGIN; SELECT j, u, p, i FROM d.typed",
        "BEGIN; INSERT INTO d.typed VALUES ('{}', NULL, NULL, 0) RETURNING j, u, p, i",
        "CALL d.typed()",
      })
  void tells_clients_that_ask_of_types_that_the_protocol_has_none_for(String sql) throws Exception {
    try (Connection root = node.root()) {
      OneNode.run(
          root,
          "CREATE TABLE IF NOT EXISTS d.typed (j JSON, u UUID, p POINT, i INT)",
          "CREATE OR REPLACE PROCEDURE d.typed() SELECT j, u, p, i FROM d.typed");
    }
    List<String> asked = extended(Capabilities.EXTENDED_METADATA, sql);
    assertEquals(List.of("\1\4json", "\0\4uuid", "\0\5point", ""), asked);
    assertEquals(List.of("none", "none", "none", "none"), extended(0, sql));
  }

  /** What the last result set tells beside the columns of old. */
  private List<String> extended(long capability, String sql) throws Exception {
    return raw(
        capability | Capabilities.MULTI_STATEMENTS | Capabilities.MULTI_RESULTS,
        client -> client.query(Bytes.utf8(sql)).map(The_wire::extended));
  }

  private static List<String> extended(Reply reply) {
    List<List<String>> sets =
        reply.<List<List<String>>>fold(
            ok -> List.of(),
            err -> List.of(List.of(err.error().message())),
            results ->
                results.parts().stream()
                    .map(
                        part ->
                            part.foldPart(
                                ok -> List.<String>of(),
                                err -> List.of(err.error().message()),
                                The_wire::extended))
                    .filter(set -> !set.isEmpty())
                    .toList());
    return sets.get(sets.size() - 1);
  }

  private static List<String> extended(Reply.Rows rows) {
    return rows.packets().subList(1, rows.columns() + 1).stream()
        .map(packet -> ColumnDefinition.decode(Buffer.buffer(packet.view())))
        .map(column -> column.extended().map(Bytes::latin1).orElse("none"))
        .toList();
  }

  /** Each option alone: grants, log, tables, hosts, status and threads, then what is refused. */
  @ParameterizedTest
  @CsvSource({"1,0", "2,0", "4,0", "8,0", "16,0", "32,0", "64,1235", "128,1235", "255,1235"})
  void refreshes_what_is_no_replication_of_the_databases(int options, int code) throws Exception {
    Buffer refresh = Buffer.buffer().appendByte((byte) 0x07).appendByte((byte) options);
    Reply reply = raw(0, client -> client.command(refresh, ReplyShape.SINGLE));
    assertEquals(code, reply.failure().map(MySqlError::code).orElse(0));
  }

  @Test
  void lists_the_sessions_for_a_client_that_asks_by_command() throws Exception {
    Buffer list = Buffer.buffer().appendByte((byte) 0x0a);
    Reply reply = raw(0, client -> client.command(list, ReplyShape.RESULTS));
    Reply.Rows rows =
        ((Reply.Results) reply).parts().get(0).foldPart(ok -> none(), err -> none(), set -> set);
    assertEquals(9, rows.columns());
    assertTrue(rows.packets().stream().anyMatch(packet -> packet.latin1().contains("Processlist")));
  }

  /** A server that is asked for one dies of it (MariaDB 10.11.19, DELETE … RETURNING). */
  @Test
  void opens_no_cursor_for_what_a_write_returns() throws Exception {
    try (Connection root = node.root()) {
      OneNode.run(
          root, "CREATE TABLE d.gone (id INT PRIMARY KEY)", "INSERT INTO d.gone VALUES (7)");
    }
    Reply reply =
        raw(
            0,
            client ->
                client
                    .prepare(Bytes.utf8("DELETE FROM d.gone RETURNING id"))
                    .compose(
                        prepared ->
                            client.command(
                                withCursor(prepared.statementId()), ReplyShape.RESULTS)));
    Reply.Rows rows =
        ((Reply.Results) reply).parts().get(0).foldPart(ok -> none(), err -> none(), set -> set);
    assertEquals(0, rows.status() & ServerStatus.CURSOR_EXISTS);
    assertEquals(Bytes.ofLatin1("\0\0\7\0\0\0"), rows.packets().get(rows.columns() + 2));
  }

  private static Reply.Rows none() {
    throw new AssertionError("no rows");
  }

  /** COM_STMT_EXECUTE with CURSOR_TYPE_READ_ONLY, once. */
  private static Buffer withCursor(long statementId) {
    return Buffer.buffer()
        .appendByte((byte) 0x17)
        .appendIntLE((int) statementId)
        .appendByte((byte) 1)
        .appendIntLE(1);
  }

  /** The bound of what is collected is 64 MiB. */
  @Test
  void carries_more_behind_another_statement_than_any_buffer_holds() throws Exception {
    String many =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 80)"
            + " SELECT i, REPEAT('x', 1000000) FROM n";
    try (Connection client = node.root("&allowMultiQueries=true");
        Statement statement = client.createStatement()) {
      statement.setFetchSize(1);
      statement.execute("SELECT 1; " + many + "; DO 1; SELECT 2");
      assertTrue(statement.getMoreResults());
      int rows = 0;
      try (ResultSet found = statement.getResultSet()) {
        for (; found.next(); rows++) {
          assertEquals(1_000_000, found.getString(2).length());
        }
      }
      assertEquals(80, rows);
      assertFalse(statement.getMoreResults());
      assertTrue(statement.getMoreResults());
      try (ResultSet last = statement.getResultSet()) {
        assertTrue(last.next());
        assertEquals(2, last.getInt(1));
      }
    }
  }

  @Test
  void goes_on_after_an_execution_without_its_parameters() throws Exception {
    try (Connection client = node.root("&useServerPrepStmts=true&useBulkStmts=true")) {
      try (PreparedStatement without = client.prepareStatement("DELETE FROM d.t WHERE id = ?")) {
        assertEquals(1835, assertThrows(SQLException.class, without::execute).getErrorCode());
      }
      try (PreparedStatement none = client.prepareStatement("DELETE FROM d.t WHERE id = -1")) {
        none.setInt(1, 1);
        none.addBatch();
        none.setInt(1, 2);
        none.addBatch();
        assertEquals(1295, assertThrows(SQLException.class, none::executeBatch).getErrorCode());
      }
      assertEquals(List.of("1"), OneNode.rows(client, "SELECT 1"));
    }
  }

  @Test
  void carries_as_many_columns_as_a_query_selects() throws Exception {
    try (Connection client = node.root("&maxAllowedColumns=70000");
        Statement statement = client.createStatement();
        ResultSet found = statement.executeQuery("SELECT 1" + ",1".repeat(69_999))) {
      assertEquals(70_000, found.getMetaData().getColumnCount());
      assertTrue(found.next());
      assertEquals(1, found.getInt(70_000));
    }
  }

  @Test
  void is_encrypted_up_to_the_database_for_who_demands_it_also_with_a_schema() throws Exception {
    String url = "jdbc:mariadb://127.0.0.1:" + node.mysqlPort() + "/d?user=safe&password=secret";
    try (Connection safe = DriverManager.getConnection(url + "&sslMode=trust")) {
      assertEquals(List.of("d"), OneNode.rows(safe, "SELECT DATABASE()"));
    }
  }

  @Test
  void tells_a_driver_that_asks_of_a_uuid_as_one() throws Exception {
    String uuid = "123e4567-e89b-12d3-a456-426655440000";
    try (Connection root = node.root();
        Connection safe = node.root("&user=safe&password=secret&sslMode=trust")) {
      OneNode.run(
          root,
          "CREATE TABLE d.things (u UUID PRIMARY KEY, p POINT)",
          "INSERT INTO d.things VALUES ('" + uuid + "', POINT(1, 2))");
      assertEquals(UUID.fromString(uuid), object(root, "SELECT u FROM d.things"));
      assertEquals(UUID.fromString(uuid), object(safe, "SELECT u FROM d.things"));
      root.setAutoCommit(false);
      assertEquals(UUID.fromString(uuid), object(root, "DELETE FROM d.things RETURNING u"));
      root.rollback();
    }
  }

  private static Object object(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      found.next();
      return found.getObject(1);
    }
  }

  /** Runs {@code work} on a connection of our own, which sees every byte. */
  private <T> T raw(long capabilities, Function<BackendConnection, Future<T>> work)
      throws Exception {
    Vertx vertx = Vertx.vertx();
    CompletableFuture<T> result = new CompletableFuture<>();
    BackendOptions options =
        BackendOptions.of(
                SocketAddress.inetSocketAddress(node.mysqlPort(), "127.0.0.1"),
                "root",
                new BackendCredential.None())
            .withCapabilities(capabilities);
    vertx.runOnContext(
        here ->
            BackendConnection.connect(vertx, vertx.createNetClient(), options)
                .compose(work)
                .onSuccess(result::complete)
                .onFailure(result::completeExceptionally));
    try {
      return result.get(30, TimeUnit.SECONDS);
    } finally {
      vertx.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "caching_sha2_password,--skip-ssl",
    "mysql_clear_password,--ssl",
    "mysql_clear_password,--skip-ssl",
  })
  void signs_in_clients_that_begin_with_another_plugin(String plugin, String tls) throws Exception {
    String right = as("app", "SELECT CURRENT_USER()", "--default-auth=" + plugin, tls);
    assertEquals("app@localhost", right);
    String wrong =
        client
            .run("SELECT 1", "--user=app", "--password=no", "--default-auth=" + plugin, tls)
            .text();
    assertTrue(wrong.startsWith("ERROR 1045 (28000)"), wrong);
  }

  @Test
  void takes_the_address_of_a_client_from_a_proxy_that_it_was_told_of() throws Exception {
    try (Connection far = node.root("&user=far&password=secret" + through("Known"))) {
      assertEquals(
          List.of("far@10.9.8.7|far@10.9.8.7"), OneNode.rows(far, "SELECT USER(), CURRENT_USER()"));
    }
  }

  @Test
  void refuses_a_proxy_that_it_was_not_told_of() {
    SQLException refused =
        assertThrows(SQLException.class, () -> node.root(through("Unknown")).close());
    assertEquals(1130, refused.getErrorCode(), refused.toString());
  }

  private static String through(String proxy) {
    return "&socketFactory=" + ProxySockets.class.getName() + "$" + proxy;
  }
}
