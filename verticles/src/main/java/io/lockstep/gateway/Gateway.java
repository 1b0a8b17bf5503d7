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
import java.time.Duration;
import java.util.Optional;

/** Accepts clients on the MySQL port: greets, signs in, bounds how many and how long. */
final class Gateway {
  /** How often a silent client is looked at. */
  private static final Duration IDLE_CHECK = Duration.ofSeconds(30);

  /** MULTI_STATEMENTS needs no SESSION_TRACK: the backend's tracking is not the client's. */
  private static final int OFFERED = Capabilities.OFFERED & ~Capabilities.SESSION_TRACK;

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
    private long receivedBefore;
    private int silentChecks;

    Arrival(NetSocket socket) {
      this.client = new Client(socket, parts.config().packetBytesMax());
    }

    void greet() {
      client.onClosed(
          () -> {
            parts.ports().connections().left();
            session.ifPresent(ClientSession::closed);
          });
      parts.ports().timers().after(parts.config().handshakeTimeout(), this::tooSlow);
      ServerFace face = parts.ports().face();
      client.send(
          new InitialHandshake(
                  face.version(),
                  id,
                  salt,
                  OFFERED,
                  face.collation(),
                  ServerStatus.AUTOCOMMIT,
                  NativePassword.PLUGIN)
              .encode(new PacketWriter(0))
              .toBuffer());
      new Login(client, accounts, salt)
          .begin(OFFERED)
          .compose(login -> ClientSession.open(parts, client, accounts, salt, id, login))
          .onSuccess(this::signedIn)
          .onFailure(this::refused);
    }

    private void signedIn(ClientSession opened) {
      session = Optional.of(opened);
      watch();
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

    /** Ends a client that has been silent, with nothing under way, for too long. */
    private void watch() {
      parts.ports().timers().after(IDLE_CHECK, this::look);
    }

    private void look() {
      if (client.isClosed()) {
        return;
      }
      boolean silent = client.receivedBytes() == receivedBefore && !client.isBusy();
      silentChecks = silent ? silentChecks + 1 : 0;
      receivedBefore = client.receivedBytes();
      if (IDLE_CHECK.multipliedBy(silentChecks).compareTo(parts.config().idleTimeout()) >= 0) {
        client.close();
      } else {
        watch();
      }
    }
  }
}
