package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import io.lockstep.mysql.ErrPacket;
import io.lockstep.mysql.PacketReader;
import io.lockstep.mysql.PacketWriter;
import io.lockstep.mysql.ProtocolException;
import io.lockstep.mysql.RelaySink;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;

/**
 * One client's end of the wire: packets in, one at a time, and buffers out. Malformed input is
 * answered with its error and closes the connection. Lives on the socket's context.
 */
final class Client {
  private final NetSocket socket;
  private final PacketReader reader;
  private PacketReader.Receiver receiver = (payload, next) -> {};
  private boolean busy;
  private boolean closed;
  private long received;

  Client(NetSocket socket, int payloadMax) {
    this.socket = socket;
    this.reader =
        new PacketReader(payloadMax, 1, (payload, next) -> receiver.packet(payload, next));
    socket.handler(this::received);
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

  /** Holds back further packets until {@link #ready}. */
  void busy() {
    busy = true;
    reader.pause();
  }

  /** Takes the next packet. */
  void ready() {
    busy = false;
    socket.resume();
    guarded(reader::resume);
  }

  /** Bytes received so far: a client that sends nothing is idle. */
  long receivedBytes() {
    return received;
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

  String address() {
    return socket.remoteAddress().hostAddress();
  }

  int port() {
    return socket.remoteAddress().port();
  }

  /** Runs {@code work}; what it finds malformed ends the connection. */
  void guarded(Runnable work) {
    try {
      work.run();
    } catch (ProtocolException malformed) {
      refuse(malformed.error(), 1);
    }
  }

  private void received(Buffer chunk) {
    received += chunk.length();
    if (closed) {
      return;
    }
    guarded(() -> reader.feed(chunk));
    if (busy && !reader.idle()) {
      socket.pause();
    }
  }
}
