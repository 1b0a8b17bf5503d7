package io.lockstep.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.SocketAddress;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The client side against a scripted server on the loopback interface. */
@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class BackendConnectionTest {
  private static final Bytes SQL = Bytes.utf8("do 1");

  private static BackendOptions options(int port, String password) {
    SocketAddress address = SocketAddress.inetSocketAddress(port, "127.0.0.1");
    return BackendOptions.of(address, "anna", new BackendCredential.Cleartext(password));
  }

  /** Starts {@code server}, connects on a context, and hands the connection to {@code body}. */
  private static void run(
      Vertx vertx,
      VertxTestContext test,
      ScriptedServer server,
      Function<BackendConnection, Future<?>> body) {
    NetClient client = vertx.createNetClient();
    vertx.runOnContext(
        started ->
            server
                .listen(vertx)
                .compose(port -> BackendConnection.connect(vertx, client, options(port, "secret")))
                .compose(connection -> body.apply(connection).<Void>mapEmpty())
                .onComplete(test.succeedingThenComplete()));
  }

  private static void refused(
      Vertx vertx,
      VertxTestContext test,
      ScriptedServer server,
      String password,
      Consumer<Throwable> check) {
    NetClient client = vertx.createNetClient();
    vertx.runOnContext(
        started ->
            server
                .listen(vertx)
                .compose(
                    port ->
                        BackendConnection.connect(
                            vertx, client, options(port, password).withTimeout(server.patience())))
                .onComplete(
                    test.failing(
                        cause -> {
                          test.verify(() -> check.accept(cause));
                          test.completeNow();
                        })));
  }

  private static Buffer ok(long affected) {
    return OkPacket.of(affected, 0, 2, 0, "").encode(new PacketWriter(1), 0).toBuffer();
  }

  @Test
  void pipelined_answers_reach_their_own_questions(Vertx vertx, VertxTestContext test) {
    int[] count = {0};
    ScriptedServer server = new ScriptedServer((command, socket) -> socket.write(ok(count[0]++)));
    run(
        vertx,
        test,
        server,
        connection -> {
          List<Future<Reply>> replies = new ArrayList<>();
          for (int i = 0; i < 1000; i++) {
            replies.add(connection.query(SQL));
          }
          return Future.all(replies)
              .map(
                  all -> {
                    for (int i = 0; i < replies.size(); i++) {
                      assertEquals(i, ((Reply.Ok) replies.get(i).result()).affected());
                    }
                    assertEquals(0, connection.outstanding());
                    return all;
                  });
        });
  }

  @Test
  void a_wrong_password_is_the_databases_own_error(Vertx vertx, VertxTestContext test) {
    refused(
        vertx,
        test,
        new ScriptedServer((command, socket) -> {}),
        "wrong",
        cause -> assertEquals(1045, ((BackendRefusedException) cause).error().code()));
  }

  @Test
  void a_switch_of_the_plugins_salt_is_answered(Vertx vertx, VertxTestContext test) {
    ScriptedServer server =
        new ScriptedServer((command, socket) -> socket.write(ok(1)))
            .switchingTo(NativePassword.PLUGIN);
    run(vertx, test, server, connection -> connection.query(SQL));
  }

  @Test
  void a_plugin_that_we_do_not_speak_is_named(Vertx vertx, VertxTestContext test) {
    refused(
        vertx,
        test,
        new ScriptedServer((command, socket) -> {}).switchingTo("client_ed25519"),
        "secret",
        cause -> assertEquals(1043, ((ProtocolException) cause).error().code()));
  }

  @Test
  void a_server_that_says_nothing_is_given_up(Vertx vertx, VertxTestContext test) {
    refused(
        vertx,
        test,
        new ScriptedServer((command, socket) -> {}).silent(),
        "secret",
        cause -> assertInstanceOf(BackendLostException.class, cause));
  }

  @Test
  void every_outstanding_answer_fails_when_the_server_goes(Vertx vertx, VertxTestContext test) {
    ScriptedServer server = new ScriptedServer((command, socket) -> socket.close());
    run(
        vertx,
        test,
        server,
        connection -> {
          Future<Reply> first = connection.query(SQL);
          Future<Reply> second = connection.query(SQL);
          return Future.join(first, second)
              .transform(
                  done -> {
                    assertInstanceOf(BackendLostException.class, first.cause());
                    assertInstanceOf(BackendLostException.class, second.cause());
                    assertFalse(connection.open());
                    assertInstanceOf(BackendLostException.class, connection.query(SQL).cause());
                    return connection.ended();
                  });
        });
  }

  @Test
  void a_caller_that_throws_loses_the_connection_and_nobody_waits_for_ever(
      Vertx vertx, VertxTestContext test) {
    ScriptedServer server = new ScriptedServer((command, socket) -> socket.write(ok(1)));
    vertx.exceptionHandler(bug -> {});
    run(
        vertx,
        test,
        server,
        connection -> {
          vertx.getOrCreateContext().exceptionHandler(bug -> {});
          Future<Reply> throwing = connection.query(SQL);
          throwing.onComplete(
              reply -> {
                throw new IllegalStateException("a bug of the caller's");
              });
          Future<Reply> behind = connection.query(SQL);
          return behind.transform(
              done -> {
                assertInstanceOf(BackendLostException.class, behind.cause());
                return connection.ended();
              });
        });
  }

  @Test
  void an_unasked_error_ends_the_connection_with_its_text(Vertx vertx, VertxTestContext test) {
    MySqlError killed = new MySqlError(1927, "70100", "Connection was killed");
    ScriptedServer server =
        new ScriptedServer(
            (command, socket) -> {
              socket.write(ok(1));
              socket.write(ErrPacket.encode(new PacketWriter(0), killed).toBuffer());
            });
    run(
        vertx,
        test,
        server,
        connection ->
            connection
                .query(SQL)
                .compose(reply -> connection.ended())
                .map(
                    why -> {
                      assertEquals("Connection was killed", why.getMessage());
                      return why;
                    }));
  }

  @Test
  void a_full_sink_stops_the_reading_until_it_is_drained(Vertx vertx, VertxTestContext test) {
    int rows = 50_000;
    ResultSet set =
        new ResultSet(
            List.of(ColumnDefinition.text("c", 100)),
            Collections.nCopies(rows, List.of(Optional.of(Bytes.utf8("x".repeat(100))))));
    Buffer answer = set.text(1, 2, 0);
    ScriptedServer server = new ScriptedServer((command, socket) -> socket.write(answer));
    Buffer received = Buffer.buffer();
    int[] calls = {0};
    int[] whileFull = {0};
    RelaySink slow =
        new RelaySink() {
          private boolean full;

          @Override
          public void frames(Buffer frames) {
            calls[0]++;
            whileFull[0] += full ? 1 : 0;
            full = true;
            received.appendBuffer(frames);
          }

          @Override
          public boolean full() {
            return full;
          }

          @Override
          public void whenDrained(Runnable resume) {
            vertx.setTimer(
                1,
                later -> {
                  full = false;
                  resume.run();
                });
          }
        };
    run(
        vertx,
        test,
        server,
        connection ->
            connection
                .relay(Buffer.buffer("\u0003select"), ReplyShape.RESULTS, slow)
                .map(
                    summary -> {
                      assertEquals(rows, summary.rows());
                      assertEquals(answer, received);
                      // A torn packet's head and the chunk after it may come by two calls.
                      assertTrue(calls[0] > 10 && whileFull[0] <= calls[0] / 2);
                      return summary;
                    }));
  }

  @Test
  void a_change_of_the_user_answers_a_second_salt(Vertx vertx, VertxTestContext test) {
    Bytes salt = Bytes.utf8("ABCDEFGHIJKLMNOPQRST");
    Promise<Buffer> answered = Promise.promise();
    ScriptedServer server =
        new ScriptedServer(
            (command, socket) -> {
              if (command.getByte(0) == CommandCode.CHANGE_USER) {
                AuthSwitch request = new AuthSwitch(NativePassword.PLUGIN, salt);
                socket.write(request.encode(new PacketWriter(1)).toBuffer());
                socket.handler(
                    answer -> {
                      answered.complete(answer);
                      socket.write(OkPacket.of(2).encode(new PacketWriter(3), 0).toBuffer());
                    });
              }
            });
    run(
        vertx,
        test,
        server,
        connection -> {
          Future<Reply> changed =
              connection.changeUser("bob", new BackendCredential.Cleartext("pw"), "shop", 45);
          assertThrows(IllegalArgumentException.class, () -> connection.query(SQL));
          return changed
              .compose(reply -> answered.future())
              .map(
                  answer -> {
                    assertEquals(
                        "14000002"
                            + Hex.of(Buffer.buffer(NativePassword.answer("pw", salt).view())),
                        Hex.of(answer));
                    return answer;
                  });
        });
  }

  @Test
  void use_from_another_thread_is_refused(Vertx vertx, VertxTestContext test) {
    ScriptedServer server = new ScriptedServer((command, socket) -> socket.write(ok(1)));
    run(
        vertx,
        test,
        server,
        connection ->
            vertx.executeBlocking(
                () -> assertThrows(IllegalArgumentException.class, () -> connection.query(SQL))));
  }
}
