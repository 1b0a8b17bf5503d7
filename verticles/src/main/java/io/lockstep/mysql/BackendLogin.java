package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;

/** The connection phase as a client: from the server's greeting to its OK. One login each. */
final class BackendLogin {
  /** No packet of the connection phase is longer. */
  private static final int PAYLOAD_MAX = 1 << 20;

  private static final long CLIENT_PACKET_MAX = 1L << 30;

  /**
   * What a login leaves behind.
   *
   * @param capabilities what both sides agreed on
   * @param salt of the last challenge, which COM_CHANGE_USER answers again
   * @param ok what the server answered at the end
   */
  record LoggedIn(InitialHandshake greeting, long capabilities, Bytes salt, OkPacket ok) {}

  private enum Phase {
    GREETING,
    VERDICT
  }

  private final NetSocket socket;
  private final BackendOptions options;
  private final Promise<LoggedIn> promise;
  private final PacketReader reader = new PacketReader(PAYLOAD_MAX, 0, this::packet);
  private Phase phase = Phase.GREETING;
  private InitialHandshake greeting =
      new InitialHandshake("", 0, Bytes.EMPTY, 0, Collations.LATIN1_SWEDISH_CI, 0, "");
  private long capabilities;
  private Bytes salt = Bytes.EMPTY;

  BackendLogin(NetSocket socket, BackendOptions options, Promise<LoggedIn> promise) {
    this.socket = socket;
    this.options = options;
    this.promise = promise;
  }

  void feed(Buffer chunk) {
    try {
      reader.feed(chunk);
    } catch (ProtocolException e) {
      promise.tryFail(e);
    }
  }

  private void packet(Buffer payload, int nextSequence) {
    if (payload.length() == 0) {
      throw ProtocolException.badHandshake("an empty packet");
    }
    int first = payload.getUnsignedByte(0);
    if (first == ErrPacket.MARKER) {
      promise.tryFail(new BackendRefusedException(ErrPacket.decode(payload)));
    } else if (phase == Phase.GREETING) {
      phase = Phase.VERDICT;
      greeted(InitialHandshake.decode(payload), nextSequence);
    } else if (first == AuthSwitch.MARKER) {
      socket.write(switched(AuthSwitch.decode(payload), options.credential(), nextSequence));
    } else {
      OkPacket ok = OkPacket.decode(payload, capabilities);
      promise.tryComplete(new LoggedIn(greeting, capabilities, salt, ok));
    }
  }

  private void greeted(InitialHandshake received, int nextSequence) {
    greeting = received;
    salt = received.salt();
    capabilities =
        (Capabilities.BACKEND_ALWAYS | (options.capabilities() & Capabilities.RELAYED))
            & received.capabilities();
    // Who says it does not speak of MariaDB's own flags; a MariaDB server leaves it out itself.
    if (!Capabilities.has(capabilities, Capabilities.EXTENDED_METADATA)) {
      capabilities |= Capabilities.LONG_PASSWORD;
    }
    if (!options.tls()) {
      respond(nextSequence);
      return;
    }
    if (!Capabilities.has(received.capabilities(), Capabilities.SSL)) {
      promise.tryFail(
          new BackendRefusedException(
              MySqlError.notSupported("an account that demands TLS, which its database lacks")));
      return;
    }
    capabilities |= Capabilities.SSL;
    // The server takes no response that tells of other capabilities than this request.
    long told = capabilities | (options.database().isPresent() ? Capabilities.CONNECT_WITH_DB : 0);
    socket.write(HandshakeResponse.tlsRequest(told, CLIENT_PACKET_MAX, nextSequence));
    reader.expect(nextSequence + 2);
    WireLayers.beginTls(socket)
        .onSuccess(secured -> respond(nextSequence + 1))
        .onFailure(
            cause -> promise.tryFail(new BackendLostException("no TLS with the database", cause)));
  }

  private void respond(int sequence) {
    HandshakeResponse response =
        new HandshakeResponse(
            capabilities,
            CLIENT_PACKET_MAX,
            options.collation(),
            options.user(),
            options.credential().answer(salt),
            options.database(),
            NativePassword.PLUGIN,
            options.attributes());
    socket.write(response.encode(new PacketWriter(sequence)).toBuffer());
  }

  /** The frame that answers a switch: native passwords are the only plugin we can speak. */
  static Buffer switched(AuthSwitch request, BackendCredential credential, int sequence) {
    if (!request.plugin().equals(NativePassword.PLUGIN)) {
      throw ProtocolException.badHandshake(
          "the database wants the authentication plugin " + request.plugin());
    }
    Buffer answer = Buffer.buffer(credential.answer(request.salt()).view());
    return new PacketWriter(sequence).packet(answer).toBuffer();
  }
}
