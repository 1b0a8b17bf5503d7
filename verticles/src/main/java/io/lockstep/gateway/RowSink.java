package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Takes the rows of a statement as the database sends them, with back-pressure. */
public interface RowSink {
  /**
   * One column of the result.
   *
   * @param type the protocol's type code (MYSQL_TYPE_…)
   * @param charset the collation number; 63 is binary
   * @param flags the protocol's column flags (BINARY, UNSIGNED, …)
   */
  record Column(String name, int type, int charset, long length, int flags, int decimals) {}

  /** Comes once, before the first row; never for a statement without a result set. */
  void columns(List<Column> columns);

  /**
   * One row in the text protocol's form, empty for NULL. The next row comes after the future
   * completed; a failure ends the statement.
   */
  Future<Void> row(List<Optional<Bytes>> values);
}
