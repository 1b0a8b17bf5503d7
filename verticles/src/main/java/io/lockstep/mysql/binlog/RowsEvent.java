package io.lockstep.mysql.binlog;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.PayloadReader;
import io.lockstep.mysql.ProtocolException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Rows of one table that were inserted, changed or deleted (MariaDB: ROWS_EVENT_V1). */
public final class RowsEvent {
  /** The last event of a statement: the server then closes its tables (MariaDB: STMT_END_F). */
  private static final int END_OF_STATEMENT = 1;

  private static final int FLAGS_AT = Event.HEADER_BYTES + 6;

  private final Event event;
  private final long tableId;
  private final int columns;
  private final boolean complete;
  private final int rowsAt;

  /** One changed row. What was inserted has no before, what was deleted no after. */
  public record Change(Optional<RowImage> before, Optional<RowImage> after) {}

  private RowsEvent(Event event, long tableId, int columns, boolean complete, int rowsAt) {
    this.event = event;
    this.tableId = tableId;
    this.columns = columns;
    this.complete = complete;
    this.rowsAt = rowsAt;
  }

  public static RowsEvent of(Event event) {
    PayloadReader in = event.content();
    long tableId = tableId(in);
    in.skip(2);
    long columns = in.lenenc();
    if (columns < 0 || columns > in.remaining() * 8L) {
      throw ProtocolException.malformed("a row of " + columns + " columns");
    }
    int bitmapBytes = ((int) columns + 7) / 8;
    int bitmaps = event.type() == EventType.UPDATE_ROWS ? 2 : 1;
    boolean complete = true;
    for (int i = 0; i < bitmaps; i++) {
      complete &= all(in.bytes(bitmapBytes), (int) columns);
    }
    return new RowsEvent(
        event, tableId, (int) columns, complete, event.bytes().length() - in.remaining());
  }

  static long tableId(PayloadReader in) {
    return in.u32() | (long) in.u16() << 32;
  }

  private static boolean all(Bytes bitmap, int count) {
    for (int i = 0; i < count; i++) {
      if (!bit(bitmap, i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean bit(Bytes bitmap, int at) {
    return (bitmap.at(at / 8) >> at % 8 & 1) == 1;
  }

  public long tableId() {
    return tableId;
  }

  /** Whether every column is in it ({@code binlog_row_image=FULL}). */
  public boolean complete() {
    return complete;
  }

  /** Whether rows come to exist in it, which may raise AUTO_INCREMENT ids. */
  public boolean writes() {
    return event.type() != EventType.DELETE_ROWS;
  }

  public boolean inserts() {
    return event.type() == EventType.WRITE_ROWS;
  }

  /** Whether the client's statement ended with it. */
  public boolean endsStatement() {
    return (event.bytes().at(FLAGS_AT) & END_OF_STATEMENT) != 0;
  }

  /** The event as the last one of a statement, so that what follows may map its tables anew. */
  public static Bytes asLast(Event rows) {
    byte[] copy = rows.bytes().toArray();
    copy[FLAGS_AT] |= END_OF_STATEMENT;
    return Bytes.owning(copy);
  }

  /**
   * The rows in order.
   *
   * @throws UnreadableRowException for a value in a form that is not known here
   */
  public List<Change> changes(TableMap table) {
    if (!complete || columns != table.columns().size()) {
      throw new UnreadableRowException("a row that is not whole");
    }
    PayloadReader in = event.content();
    in.skip(rowsAt - Event.HEADER_BYTES);
    List<Change> changes = new ArrayList<>();
    while (in.hasMore()) {
      changes.add(
          switch (event.type()) {
            case EventType.WRITE_ROWS -> new Change(Optional.empty(), Optional.of(row(in, table)));
            case EventType.DELETE_ROWS -> new Change(Optional.of(row(in, table)), Optional.empty());
            default -> new Change(Optional.of(row(in, table)), Optional.of(row(in, table)));
          });
    }
    return changes;
  }

  private RowImage row(PayloadReader in, TableMap table) {
    int from = event.bytes().length() - in.remaining();
    Bytes nulls = in.bytes((columns + 7) / 8);
    List<Optional<Cell>> cells = new ArrayList<>(columns);
    for (int i = 0; i < columns; i++) {
      ColumnForm form = table.columns().get(i);
      cells.add(bit(nulls, i) ? Optional.empty() : Optional.of(new Cell(form, form.value(in))));
    }
    int to = event.bytes().length() - in.remaining();
    return new RowImage(Bytes.owning(Arrays.copyOfRange(event.bytes().view(), from, to)), cells);
  }
}
