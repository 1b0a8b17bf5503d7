package io.lockstep.runtime.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.mysqlclient.MySQLConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("live")
@DisplayNameGeneration(ReplaceUnderscores.class)
class An_owned_database {
  private static final long WAIT_SECONDS = 60;
  private final Vertx vertx = Vertx.vertx();
  private final List<OwnedDatabase> started = new ArrayList<>();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final Path folder;

  An_owned_database(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void stop_all() throws Exception {
    for (var database : started) {
      await(database.stop());
    }
    await(vertx.close());
    new OrphanDatabase(folder).end();
  }

  @Test
  void starts_as_lockstep_requires_it() throws Exception {
    var access = await(owned().start(listener()));
    assertEquals(
        "InnoDB,InnoDB,OFF,2,ON",
        query(
            access,
            "SELECT CONCAT_WS(',', @@default_storage_engine, @@enforce_storage_engine,"
                + " @@event_scheduler, @@innodb_flush_log_at_trx_commit, @@log_bin)"));
    assertEquals("1", query(access, "SELECT IF(SLEEP(0.01)=0 AND SYSDATE(6)=NOW(6), '1', '0')"));
  }

  @Test
  void shares_its_folder_for_temporary_tables_with_no_other_server() throws Exception {
    var access = await(owned().start(listener()));
    assertEquals(folder.resolve("tmp").toString(), query(access, "SELECT @@tmpdir"));
  }

  @Test
  void passes_the_check_of_an_external_one() throws Exception {
    var access = await(owned().start(listener()));
    var external = new ExternalDatabase(vertx, () -> access);
    assertEquals(access, await(external.start(listener())));
  }

  @Test
  void has_the_same_accounts_whatever_the_machine_is_called() throws Exception {
    var access = await(owned().start(listener()));
    assertEquals(
        "lockstep@127.0.0.1 lockstep@localhost mariadb.sys@localhost root@127.0.0.1 root@::1"
            + " root@localhost",
        query(
            access,
            "SELECT GROUP_CONCAT(User, '@', Host ORDER BY User, Host SEPARATOR ' ')"
                + " FROM mysql.global_priv WHERE User <> 'PUBLIC'"));
  }

  @Test
  void keeps_its_data_over_a_restart() throws Exception {
    var first = owned();
    var access = await(first.start(listener()));
    query(access, "CREATE DATABASE kept");
    query(access, "CREATE TABLE kept.t SELECT 42 AS answer");
    await(first.stop());
    assertEquals("42", query(await(owned().start(listener())), "SELECT answer FROM kept.t"));
  }

  @Test
  void is_started_again_when_it_is_killed() throws Exception {
    var database = owned();
    var access = await(database.start(listener()));
    var killed = database.pid().orElseThrow();
    ProcessHandle.of(killed).orElseThrow().destroyForcibly();
    assertEquals("down", events.poll(WAIT_SECONDS, TimeUnit.SECONDS));
    assertEquals("up", events.poll(WAIT_SECONDS, TimeUnit.SECONDS));
    assertNotEquals(killed, database.pid().orElseThrow());
    assertEquals("1", query(access, "SELECT '1'"));
  }

  @Test
  void ends_the_orphan_that_a_killed_node_left() throws Exception {
    var settings = settings();
    await(owned().start(listener()).compose(up -> started.get(0).stop()));
    var asRoot = "root".equals(System.getProperty("user.name"));
    var orphan = DatabaseProcess.launch(new ServerCommand(binaries(), settings, asRoot), settings);
    orphan.awaitReady(() -> false);
    assertEquals(orphan.pid(), new OrphanDatabase(folder).find().orElseThrow().pid());

    var access = await(owned().start(listener()));
    assertFalse(orphan.alive());
    assertEquals("1", query(access, "SELECT '1'"));
  }

  @Test
  void leaves_no_process_after_its_stop() throws Exception {
    var database = owned();
    await(database.start(listener()));
    var pid = database.pid().orElseThrow();
    await(database.stop());
    assertTrue(database.pid().isEmpty());
    assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
  }

  @Test
  void says_what_the_server_said_when_it_does_not_start() throws Exception {
    var defaults = Files.writeString(folder.resolve("extra.cnf"), "[mysqld]\nno-such-option=1\n");
    await(owned().start(listener()).compose(up -> started.get(0).stop()));
    var s = settings();
    var broken =
        new OwnedSettings(
            s.home(),
            s.host(),
            s.port(),
            s.gatewayNetworks(),
            Optional.of(defaults),
            true,
            16,
            50,
            s.tls());
    var database = new OwnedDatabase(vertx, An_owned_database::binaries, broken);
    started.add(database);
    var failure = assertThrows(ExecutionException.class, () -> await(database.start(listener())));
    assertTrue(failure.toString().contains("no-such-option"), failure.toString());
  }

  private OwnedDatabase owned() throws IOException {
    var database = new OwnedDatabase(vertx, An_owned_database::binaries, settings());
    started.add(database);
    return database;
  }

  private static ServerBinaries binaries() {
    return EmbeddedBinaries.packaged(text -> {}).unpacked();
  }

  private OwnedSettings settings() throws IOException {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new OwnedSettings(
          folder,
          "127.0.0.1",
          free.getLocalPort(),
          List.of("127.0.0.1", "localhost"),
          Optional.empty(),
          true,
          16,
          50,
          Optional.empty());
    }
  }

  private NodeDatabase.Listener listener() {
    return new NodeDatabase.Listener() {
      @Override
      public void up(DatabaseAccess access) {
        events.add("up");
      }

      @Override
      public void down(String reason) {
        events.add("down");
      }

      @Override
      public void failed(Throwable cause) {
        events.add("failed");
      }
    };
  }

  private String query(DatabaseAccess access, String sql) throws Exception {
    var options =
        new MySQLConnectOptions()
            .setHost(access.host())
            .setPort(access.port())
            .setUser(access.user())
            .setPassword(access.password());
    return await(
        MySQLConnection.connect(vertx, options)
            .compose(
                connection ->
                    connection
                        .query(sql)
                        .execute()
                        .eventually(connection::close)
                        .map(rows -> rows.size() == 0 ? "" : rows.iterator().next().getValue(0))
                        .map(String::valueOf)));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
  }
}
