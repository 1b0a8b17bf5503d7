package io.lockstep.gateway;

import io.lockstep.bus.Timers;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.Compression;
import io.lockstep.mysql.ErrPacket;
import io.lockstep.mysql.PacketReader;
import io.lockstep.mysql.PacketWriter;
import io.lockstep.mysql.ProtocolException;
import io.lockstep.mysql.ProxyPreamble;
import io.lockstep.mysql.RelaySink;
import io.lockstep.mysql.ServerTls;
import io.lockstep.mysql.TlsSession;
import io.lockstep.mysql.WireLayers;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.Optional;

/**
 * One client's end of the wire: packets in, one at a time, and buffers out. Malformed input is
 * answered with its error and closes the connection. Lives on the socket's context.
 */
final class Client {
  private final NetSocket socket;
  private final Timers timers;
  private final PacketReader reader;
  private PacketReader.Receiver receiver = (payload, next) -> {};
  private String address;
  private int port;
  private boolean secured;
  private boolean busy;
  private boolean takesFile;
  private boolean closed;
  private boolean refused;
  private long readySince;

  /** {@code proxies} are believed when they name the client that they speak for. */
  Client(NetSocket socket, Timers timers, int payloadMax, Networks proxies) {
    this.socket = socket;
    this.timers = timers;
    this.reader =
        new PacketReader(payloadMax, 1, (payload, next) -> receiver.packet(payload, next));
    this.address = canonical(socket.remoteAddress().hostAddress());
    this.port = socket.remoteAddress().port();
    socket.handler(new Opening(proxies)::received);
  }

  /** As databases write it: an IPv6 address in its short form. */
  private static String canonical(String text) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    return bytes == null ? text : NetUtil.bytesToIpAddress(bytes);
  }

  /** Who gets the packets from now on. */
  void receiver(PacketReader.Receiver next) {
    receiver = next;
  }

  /** From now on each packet is a command. */
  void commandPhase() {
    reader.commandPhase();
  }

  /** A conversation goes on: the next packet has this sequence id. */
  void expect(int sequence) {
    reader.expect(sequence);
  }

  /** The client's next bytes are its part of a TLS handshake, not a packet. */
  void startTls(ServerTls tls) {
    secured = true;
    WireLayers.acceptTls(socket, tls, reader.takeRest());
  }

  /** Whether what is said cannot be overheard. */
  boolean secured() {
    return secured;
  }

  /** How it cannot be overheard. */
  Optional<TlsSession> tls() {
    return secured ? WireLayers.tls(socket) : Optional.empty();
  }

  /** Both sides compress from now on; everything before must have gone out. */
  void startCompression(long capabilities) {
    WireLayers.compress(socket, Compression.of(capabilities), broken -> refuse(broken.error(), 1));
  }

  /**
   * Takes the file that the client was asked for, up to its empty packet; of a longer one the rest
   * is read and dropped. Nothing else is read meanwhile.
   *
   * @param sequence id of its first packet
   */
  Future<LocalFile> file(int sequence) {
    PacketReader.Receiver commands = receiver;
    LocalFile.Taking taking = new LocalFile.Taking();
    Promise<LocalFile> promise = Promise.promise();
    takesFile = true;
    receiver =
        (payload, next) -> {
          if (payload.length() > 0) {
            taking.add(payload);
            return;
          }
          takesFile = false;
          receiver = commands;
          reader.commandPhase();
          reader.pause();
          promise.complete(taking.whole(next));
        };
    reader.expect(sequence);
    reader.replyPhase();
    socket.resume();
    guarded(reader::resume);
    return promise.future();
  }

  /** Holds back further packets until {@link #ready}. */
  void busy() {
    busy = true;
    reader.pause();
  }

  /** Takes the next packet. */
  void ready() {
    busy = false;
    readySince = timers.nanos();
    socket.resume();
    guarded(reader::resume);
  }

  /** Since when it may send its next command, in nanoseconds of the timers. */
  long readySince() {
    return readySince;
  }

  boolean isBusy() {
    return busy;
  }

  Future<Void> send(Buffer packets) {
    return closed ? Future.failedFuture("the client is gone") : socket.write(packets);
  }

  RelaySink sink() {
    return RelaySink.to(socket);
  }

  /** Says why and closes. */
  void refuse(MySqlError error, int sequence) {
    send(ErrPacket.encode(new PacketWriter(sequence), error).toBuffer())
        .onComplete(sent -> close());
  }

  void close() {
    closed = true;
    socket.close();
  }

  boolean isClosed() {
    return closed;
  }

  void onClosed(Runnable action) {
    socket.closeHandler(
        gone -> {
          closed = true;
          action.run();
        });
    socket.exceptionHandler(broken -> close());
  }

  /** The client's own address, as its proxy named it. */
  String address() {
    return address;
  }

  int port() {
    return port;
  }

  /** Runs {@code work}; what it finds malformed ends the connection. */
  void guarded(Runnable work) {
    try {
      work.run();
    } catch (ProtocolException malformed) {
      refused = true;
      boolean tooLarge = malformed.error().code() == ProtocolException.TOO_LARGE;
      refuse(malformed.error(), tooLarge ? Math.max(1, reader.answersWith()) : 1);
    }
  }

  private void received(Buffer chunk) {
    if (closed || refused) {
      return;
    }
    guarded(() -> reader.feed(chunk));
    if (busy && !takesFile && !reader.idle()) {
      socket.pause();
    }
  }

  /** The first bytes of a connection, which may be a proxy's. */
  private final class Opening {
    private final Networks proxies;
    private Buffer held = Buffer.buffer();

    Opening(Networks proxies) {
      this.proxies = proxies;
    }

    void received(Buffer chunk) {
      held = held.length() == 0 ? chunk : Buffer.buffer().appendBuffer(held).appendBuffer(chunk);
      guarded(
          () -> {
            ProxyPreamble preamble = ProxyPreamble.look(held);
            if (preamble instanceof ProxyPreamble.Header header) {
              believe(header);
              begin(held.slice(header.bytes(), held.length()));
            } else if (preamble instanceof ProxyPreamble.None) {
              begin(held);
            }
          });
    }

    private void believe(ProxyPreamble.Header header) {
      if (!proxies.contains(address)) {
        throw new ProtocolException(
            new MySqlError(
                1130,
                "HY000",
                "A PROXY header is not accepted from host '"
                    + address
                    + "'; see mysql.proxy-protocol-networks"));
      }
      header
          .source()
          .ifPresent(
              source -> {
                address = source.address();
                port = source.port();
              });
    }

    private void begin(Buffer packets) {
      socket.handler(Client.this::received);
      if (packets.length() > 0) {
        Client.this.received(packets);
      }
    }
  }
}
