package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A server that lets 'secret' in and answers commands as the test says. */
final class ScriptedServer {
  private static final Bytes SALT = Bytes.utf8("abcdefghijklmnopqrst");
  private static final Bytes OTHER_SALT = Bytes.utf8("tsrqponmlkjihgfedcba");
  private static final Bytes STAGE2 = NativePassword.stage2(NativePassword.stage1("secret"));

  private final BiConsumer<Buffer, NetSocket> script;
  private Optional<String> switchTo = Optional.empty();
  private boolean silent;

  ScriptedServer(BiConsumer<Buffer, NetSocket> script) {
    this.script = script;
  }

  ScriptedServer switchingTo(String plugin) {
    switchTo = Optional.of(plugin);
    return this;
  }

  ScriptedServer silent() {
    silent = true;
    return this;
  }

  /** How long a client should wait for it. */
  Duration patience() {
    return silent ? Duration.ofMillis(100) : BackendOptions.TIMEOUT;
  }

  /** The port it listens on. */
  Future<Integer> listen(Vertx vertx) {
    return vertx
        .createNetServer()
        .connectHandler(this::accept)
        .listen(0, "127.0.0.1")
        .map(NetServer::actualPort);
  }

  private void accept(NetSocket socket) {
    if (silent) {
      return;
    }
    Conversation conversation = new Conversation(socket);
    socket.handler(conversation.reader::feed);
    socket.write(
        new InitialHandshake(
                "5.5.5-10.11-Test",
                1,
                SALT,
                Capabilities.OFFERED | Capabilities.OFFERED_EXTENDED,
                Collations.UTF8MB4_GENERAL_CI,
                ServerStatus.AUTOCOMMIT,
                NativePassword.PLUGIN)
            .encode(new PacketWriter(0))
            .toBuffer());
  }

  private final class Conversation {
    private final NetSocket socket;
    private final PacketReader reader = new PacketReader(1 << 24, 1, this::packet);
    private boolean responded;
    private boolean in;

    Conversation(NetSocket socket) {
      this.socket = socket;
    }

    private void packet(Buffer payload, int next) {
      if (in) {
        script.accept(payload, socket);
      } else if (!responded && switchTo.isPresent()) {
        responded = true;
        AuthSwitch request = new AuthSwitch(switchTo.get(), OTHER_SALT);
        socket.write(request.encode(new PacketWriter(next)).toBuffer());
      } else {
        Bytes salt = responded ? OTHER_SALT : SALT;
        Bytes answer =
            responded
                ? Bytes.owning(payload.getBytes())
                : HandshakeResponse.decode(payload).answer();
        verdict(NativePassword.verify(answer, salt, STAGE2).isPresent(), next);
      }
    }

    private void verdict(boolean right, int next) {
      if (right) {
        in = true;
        reader.commandPhase();
        socket.write(OkPacket.of(2).encode(new PacketWriter(next), 0).toBuffer());
      } else {
        MySqlError denied = new MySqlError(1045, "28000", "Access denied");
        socket.write(ErrPacket.encode(new PacketWriter(next), denied).toBuffer());
        socket.close();
      }
    }
  }
}
