package io.lockstep.mysql;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sends files when a database asks for them, and keeps what is sent meanwhile behind them: the
 * database would take it for a part of the file. Used on the connection's event loop.
 */
final class FileSending {
  /** A file goes out in pieces of this size. */
  private static final int PACKET_BYTES = 1 << 20;

  /** A file that the database has yet to ask for, and what goes out behind it. */
  private record Awaited(List<Buffer> file, List<Runnable> later) {}

  private final CommandBuffer outgoing;
  private Optional<Awaited> awaited = Optional.empty();

  FileSending(CommandBuffer outgoing) {
    this.outgoing = outgoing;
  }

  /** The command that has just been sent will have the database ask for this file. */
  void expect(List<Buffer> file) {
    awaited = Optional.of(new Awaited(file, new ArrayList<>()));
  }

  /** Runs it now, or behind the file. */
  void behind(Runnable command) {
    awaited.ifPresentOrElse(waiting -> waiting.later().add(command), command);
  }

  /** Answers in how many packets it went out. */
  int send(List<Buffer> file, int sequence) {
    int packets = 0;
    for (Buffer piece : file) {
      for (int at = 0; at < piece.length(); at += PACKET_BYTES) {
        Buffer part = piece.slice(at, Math.min(piece.length(), at + PACKET_BYTES));
        outgoing.packet(part, sequence + packets++);
      }
    }
    outgoing.packet(Buffer.buffer(0), sequence + packets++);
    over(file);
    return packets;
  }

  /** Nothing more of this file is to come, whether the database has asked for it or not. */
  void over(List<Buffer> file) {
    Optional<Awaited> over = awaited.filter(waiting -> waiting.file() == file);
    if (over.isPresent()) {
      awaited = Optional.empty();
      over.get().later().forEach(this::behind);
    }
  }

  /** The connection has ended. */
  void drop() {
    awaited = Optional.empty();
  }
}
