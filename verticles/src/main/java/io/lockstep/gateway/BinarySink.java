package io.lockstep.gateway;

import io.lockstep.mysql.BinaryRows;
import io.lockstep.mysql.PacketReader;
import io.lockstep.mysql.PacketWriter;
import io.lockstep.mysql.RelaySink;
import io.lockstep.mysql.ReplySummary;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Makes the rows of a streamed text reply binary on their way. Holds no more than a packet that has
 * not come wholly. Lives on the session's context.
 */
final class BinarySink implements RelaySink {
  private static final int PACKET_MAX = 1 << 30;
  private static final int SEQUENCE_AT = 3;

  private final RelaySink inner;
  private final BinaryRows rows = new BinaryRows();
  private Optional<PacketReader> reader = Optional.empty();
  private PacketWriter out = new PacketWriter(0);

  BinarySink(RelaySink inner) {
    this.inner = inner;
  }

  @Override
  public void frames(Buffer frames) {
    if (reader.isEmpty()) {
      int first = frames.getUnsignedByte(SEQUENCE_AT);
      PacketReader reply =
          new PacketReader(PACKET_MAX, first, (payload, next) -> out.packet(rows.instead(payload)));
      reply.replyPhase();
      reader = Optional.of(reply);
      out = new PacketWriter(first);
    }
    // The buffer may be a view of one that is used again, and the rest of a packet has to wait.
    reader.get().feed(frames.copy());
    if (out.length() > 0) {
      Buffer binary = out.toBuffer();
      out = new PacketWriter(out.nextSequence());
      inner.frames(binary);
    }
  }

  @Override
  public boolean full() {
    return inner.full();
  }

  @Override
  public void whenDrained(Runnable resume) {
    inner.whenDrained(resume);
  }

  /** The same end of the reply, numbered behind what has passed. */
  ReplySummary ended(ReplySummary summary) {
    if (reader.isEmpty()) {
      return summary;
    }
    ReplySummary.Ending ending = summary.ending();
    return summary.withEnding(
        new ReplySummary.Ending(
            ending.ok(),
            ending.error(),
            ending
                .withheld()
                .map(frame -> frame.copy().setByte(SEQUENCE_AT, (byte) out.nextSequence())),
            ending.withheld().isPresent() ? out.nextSequence() : ending.sequence()));
  }
}
