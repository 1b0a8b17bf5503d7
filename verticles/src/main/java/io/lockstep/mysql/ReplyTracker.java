package io.lockstep.mysql;

import io.vertx.core.buffer.Buffer;

/**
 * Knows after each packet of a reply whether another one follows, without looking into rows. One
 * tracker serves one reply. The phases:
 *
 * <pre>
 * FIRST       --column count--> DEFINITIONS --n-th--> DEFINITIONS_END --EOF--> ROWS --EOF--> END
 * FIRST, ROWS --OK or EOF with MORE_RESULTS--> FIRST
 * FIRST       --OK--> END              any --ERR--> END
 * FIRST       --a file is asked for--> FIRST, when that is expected
 * PREPARED    --header--> DEFINITIONS of parameters, then of columns, each with its EOF --> END
 * </pre>
 */
final class ReplyTracker {
  /** What a packet was. */
  enum Kind {
    FILE,
    OK,
    ERR,
    EOF,
    HEADER,
    DEFINITION,
    ROW,
    SINGLE
  }

  private enum Phase {
    FIRST,
    DEFINITIONS,
    DEFINITIONS_END,
    ROWS,
    END
  }

  private static final int LOCAL_INFILE = 0xfb;

  /** A query may select any number; the server has no bound of its own for them. */
  private static final int COLUMNS_MAX = 0xff_ffff;

  private final ReplyShape shape;
  private Phase phase;
  private int definitionsLeft;
  private int columnsAfterParameters;
  private int status;
  private int warnings;
  private long rows;
  private int resultSets;

  ReplyTracker(ReplyShape shape) {
    this.shape = shape;
    this.phase =
        switch (shape) {
          case UNTIL_EOF -> Phase.ROWS;
          case NONE -> Phase.END;
          default -> Phase.FIRST;
        };
  }

  /** True if {@link #packet} needs the whole payload in view and not just its first byte. */
  boolean wantsWhole(int firstByte, int length) {
    return switch (phase) {
      case FIRST, DEFINITIONS_END -> true;
      default ->
          firstByte == ErrPacket.MARKER
              || (firstByte == EofPacket.MARKER && length < EofPacket.LENGTH_LIMIT);
    };
  }

  boolean complete() {
    return phase == Phase.END;
  }

  /** True right after the packet that ended a result set, a definition list or a single answer. */
  boolean resultEnded() {
    return phase == Phase.FIRST || phase == Phase.END;
  }

  int status() {
    return status;
  }

  int warnings() {
    return warnings;
  }

  long rows() {
    return rows;
  }

  int resultSets() {
    return resultSets;
  }

  /** Takes note of the next packet: {@code length} bytes of payload at {@code at}. */
  Kind packet(Buffer in, int at, int length) {
    if (length == 0) {
      throw ProtocolException.malformed("an empty packet in a reply");
    }
    int first = in.getByte(at) & 0xff;
    if (first == ErrPacket.MARKER) {
      phase = Phase.END;
      return Kind.ERR;
    }
    return switch (phase) {
      case FIRST -> first(in, at, length, first);
      case DEFINITIONS -> definition();
      case DEFINITIONS_END -> definitionsEnd(in, at, length);
      case ROWS -> row(in, at, length, first);
      case END -> throw ProtocolException.malformed("a packet after the end of the reply");
    };
  }

  private Kind first(Buffer in, int at, int length, int first) {
    if (shape == ReplyShape.PREPARE) {
      return prepared(PrepareOk.decode(in, at, at + length));
    }
    if (first == 0) {
      ok(in, at, length);
      return Kind.OK;
    }
    if (shape == ReplyShape.SINGLE) {
      phase = Phase.END;
      if (first == EofPacket.MARKER && length < EofPacket.LENGTH_LIMIT) {
        eof(in, at, length);
        return Kind.EOF;
      }
      return Kind.SINGLE;
    }
    if (first == LOCAL_INFILE && shape == ReplyShape.LOAD) {
      return Kind.FILE;
    }
    if (first == LOCAL_INFILE) {
      throw ProtocolException.malformed("the database asks for a local file");
    }
    long columns = new PayloadReader(in, at, at + length).lenenc();
    if (columns <= 0 || columns > COLUMNS_MAX) {
      throw ProtocolException.malformed("a result set of " + columns + " columns");
    }
    definitionsLeft = (int) columns;
    phase = Phase.DEFINITIONS;
    resultSets++;
    return Kind.HEADER;
  }

  private void ok(Buffer in, int at, int length) {
    PayloadReader reader = new PayloadReader(in, at, at + length);
    reader.skip(1);
    reader.lenenc();
    reader.lenenc();
    status = reader.u16();
    warnings = reader.u16();
    nextResult();
  }

  private Kind prepared(PrepareOk header) {
    warnings = header.warnings();
    definitionsLeft = header.parameters();
    columnsAfterParameters = header.columns();
    phase = definitionsLeft > 0 ? Phase.DEFINITIONS : columnsOrEnd();
    return Kind.HEADER;
  }

  private Phase columnsOrEnd() {
    definitionsLeft = columnsAfterParameters;
    columnsAfterParameters = 0;
    return definitionsLeft > 0 ? Phase.DEFINITIONS : Phase.END;
  }

  private Kind definition() {
    if (--definitionsLeft == 0) {
      phase = Phase.DEFINITIONS_END;
    }
    return Kind.DEFINITION;
  }

  private Kind definitionsEnd(Buffer in, int at, int length) {
    eof(in, at, length);
    if (shape == ReplyShape.PREPARE) {
      phase = columnsOrEnd();
    } else {
      phase = opensCursor() ? Phase.END : Phase.ROWS;
    }
    return Kind.EOF;
  }

  /**
   * With a cursor the rows come by COM_STMT_FETCH alone. The server sets the flag as well in a
   * procedure that has a cursor of its own open, but there other results follow.
   */
  private boolean opensCursor() {
    return ServerStatus.has(status, ServerStatus.CURSOR_EXISTS)
        && !ServerStatus.has(status, ServerStatus.MORE_RESULTS);
  }

  private Kind row(Buffer in, int at, int length, int first) {
    if (first == EofPacket.MARKER && length < EofPacket.LENGTH_LIMIT) {
      eof(in, at, length);
      nextResult();
      return Kind.EOF;
    }
    rows++;
    return Kind.ROW;
  }

  private void eof(Buffer in, int at, int length) {
    EofPacket eof = EofPacket.decode(in, at, at + length);
    status = eof.status();
    warnings = eof.warnings();
  }

  private void nextResult() {
    boolean more =
        shape == ReplyShape.RESULTS && ServerStatus.has(status, ServerStatus.MORE_RESULTS);
    phase = more ? Phase.FIRST : Phase.END;
  }
}
