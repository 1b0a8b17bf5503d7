package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.lockstep.model.Require;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * A result set that Lockstep makes itself, as text values; NULL is an empty value.
 *
 * @param columns at least one
 * @param rows each as long as {@code columns}; integer columns hold decimal digits
 */
public record ResultSet(List<ColumnDefinition> columns, List<List<Optional<Bytes>>> rows) {
  /** Rows past this number are a mistake: large results are relayed, not built. */
  public static final int ROWS_MAX = 100_000;

  public ResultSet {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    Require.that(!columns.isEmpty(), "a result set has a column");
    Require.that(rows.size() <= ROWS_MAX, "a result set has at most " + ROWS_MAX + " rows");
    for (List<Optional<Bytes>> row : rows) {
      Require.that(row.size() == columns.size(), "a row has a value for each column");
    }
  }

  /** For an answer to COM_QUERY. */
  public Buffer text(int firstSequence, int status, int warnings) {
    PacketWriter out = head(firstSequence, status);
    for (List<Optional<Bytes>> row : rows) {
      out.begin();
      for (Optional<Bytes> value : row) {
        value.ifPresentOrElse(out::lenencBytes, out::nullMarker);
      }
      out.end();
    }
    return new EofPacket(warnings, status).encode(out).toBuffer();
  }

  private PacketWriter head(int firstSequence, int status) {
    PacketWriter out = new PacketWriter(firstSequence).begin().lenenc(columns.size()).end();
    columns.forEach(column -> column.encode(out));
    return new EofPacket(0, status).encode(out);
  }
}
