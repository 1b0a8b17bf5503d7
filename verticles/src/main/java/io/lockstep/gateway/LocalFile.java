package io.lockstep.gateway;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A file that a client has sent for LOAD DATA LOCAL.
 *
 * @param pieces in order; empty if it was too long
 * @param nextSequence id of the packet that answers it
 */
record LocalFile(List<Buffer> pieces, boolean tooLong, int nextSequence) {
  /** Its rows are ordered as one write, which has no room for more. */
  static final long BYTES_MAX = 64L << 20;

  LocalFile {
    pieces = List.copyOf(pieces);
  }

  /** How many lines it has, as far as newlines tell. */
  int lines() {
    int lines = 0;
    boolean ended = true;
    for (Buffer piece : pieces) {
      for (byte one : piece.getBytes()) {
        ended = one == '\n';
        lines += ended ? 1 : 0;
      }
    }
    return ended ? lines : lines + 1;
  }

  /** A file that is on its way. */
  static final class Taking {
    private final List<Buffer> pieces = new ArrayList<>();
    private long bytes;

    void add(Buffer piece) {
      bytes += piece.length();
      if (bytes <= BYTES_MAX) {
        // The reader's buffer is used again.
        pieces.add(piece.copy());
      } else {
        pieces.clear();
      }
    }

    LocalFile whole(int nextSequence) {
      return new LocalFile(pieces, bytes > BYTES_MAX, nextSequence);
    }
  }
}
