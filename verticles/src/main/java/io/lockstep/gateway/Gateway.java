package io.lockstep.gateway;

import io.lockstep.gateway.accounts.AccountDirectory;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.Capabilities;
import io.lockstep.mysql.ErrPacket;
import io.lockstep.mysql.InitialHandshake;
import io.lockstep.mysql.NativePassword;
import io.lockstep.mysql.PacketWriter;
import io.lockstep.mysql.ServerStatus;
import io.vertx.core.net.NetSocket;
import java.security.SecureRandom;
import java.util.Optional;

/** Accepts clients on the MySQL port: greets, signs in, bounds how many and how long. */
final class Gateway {
  private final SessionParts parts;
  private final AccountDirectory accounts;
  private final SecureRandom random;

  Gateway(SessionParts parts, AccountDirectory accounts, SecureRandom random) {
    this.parts = parts;
    this.accounts = accounts;
    this.random = random;
  }

  void accept(NetSocket socket) {
    if (!parts.ports().connections().admit(parts.config().connectionsMax())) {
      parts.metrics().refused(1040);
      socket
          .write(
              ErrPacket.encode(
                      new PacketWriter(0), new MySqlError(1040, "08004", "Too many connections"))
                  .toBuffer())
          .onComplete(told -> socket.close());
      return;
    }
    new Arrival(socket).greet();
  }

  /** One client from its greeting to its end. */
  private final class Arrival {
    private final Client client;
    private final Bytes salt = NativePassword.freshSalt(random);
    private final long id = parts.ports().connections().nextId();
    private Optional<ClientSession> session = Optional.empty();

    Arrival(NetSocket socket) {
      this.client =
          new Client(
              socket,
              parts.ports().timers(),
              parts.config().packetBytesMax(),
              parts.config().proxies());
    }

    void greet() {
      client.onClosed(
          () -> {
            parts.ports().connections().left();
            session.ifPresent(ClientSession::closed);
          });
      parts.ports().timers().after(parts.config().handshakeTimeout(), this::tooSlow);
      ServerFace face = parts.ports().face();
      TlsPolicy tls = parts.config().tls();
      long offered =
          Capabilities.OFFERED
              | Capabilities.OFFERED_EXTENDED
              | (tls.server().isPresent() ? Capabilities.SSL : 0);
      client.send(
          new InitialHandshake(
                  face.version(),
                  id,
                  salt,
                  offered,
                  face.collation(),
                  ServerStatus.AUTOCOMMIT,
                  NativePassword.PLUGIN)
              .encode(new PacketWriter(0))
              .toBuffer());
      new Login(client, parts.upToDate(accounts), salt, tls)
          .begin(offered)
          .compose(login -> ClientSession.open(parts, client, accounts, salt, id, login))
          .onSuccess(opened -> session = Optional.of(opened))
          .onFailure(this::refused);
    }

    private void refused(Throwable cause) {
      if (cause instanceof LoginRefusedException refused) {
        parts.metrics().refused(refused.error().code());
        client.refuse(refused.error(), refused.sequence());
      } else {
        client.close();
      }
    }

    private void tooSlow() {
      if (session.isEmpty()) {
        client.close();
      }
    }
  }
}
