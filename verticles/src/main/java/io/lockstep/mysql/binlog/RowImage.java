package io.lockstep.mysql.binlog;

import io.lockstep.model.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * One whole row, before or after a change.
 *
 * @param bytes as written: equal bytes are equal rows of the same table
 * @param cells empty for NULL
 */
public record RowImage(Bytes bytes, List<Optional<Cell>> cells) {
  public RowImage {
    cells = List.copyOf(cells);
  }
}
