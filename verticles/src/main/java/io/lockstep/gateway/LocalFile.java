package io.lockstep.gateway;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A file that a client has sent for LOAD DATA LOCAL.
 *
 * @param pieces in order; empty if it was too long
 * @param lines how many it has, as far as newlines tell
 * @param nextSequence id of the packet that answers it
 */
record LocalFile(List<Buffer> pieces, int lines, boolean tooLong, int nextSequence) {
  /** Its rows are ordered as one write, which has no room for more. */
  static final long BYTES_MAX = 64L << 20;

  LocalFile {
    pieces = List.copyOf(pieces);
  }

  /** A file that is on its way. */
  static final class Taking {
    private final List<Buffer> pieces = new ArrayList<>();
    private long bytes;
    private int newlines;
    private boolean ended = true;

    void add(Buffer piece) {
      bytes += piece.length();
      for (int i = 0; i < piece.length(); i++) {
        ended = piece.getByte(i) == '\n';
        newlines += ended ? 1 : 0;
      }
      if (bytes <= BYTES_MAX) {
        // The reader's buffer is used again.
        pieces.add(piece.copy());
      } else {
        pieces.clear();
      }
    }

    LocalFile whole(int nextSequence) {
      int lines = ended ? newlines : newlines + 1;
      return new LocalFile(pieces, lines, bytes > BYTES_MAX, nextSequence);
    }
  }
}
