package io.lockstep.sql;

import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the database knows of its objects. A lookup states the last change of definitions that it
 * has to reflect; the answer may be newer, never older.
 */
public interface Catalogue {
  /** The table, view or sequence of this name, or nothing. */
  Future<Optional<TableDefinition>> table(TableName name, Seq definitions);

  /** The names of all sequences that the order knows. */
  Future<Set<TableName>> sequences(Seq definitions);

  /**
   * A sequence as it is now: {@code next_value}, {@code minimum}, {@code maximum}, {@code
   * start_value}, {@code increment}, {@code cache_size}, {@code cycles} and {@code round}; nothing
   * when the order does not know it.
   */
  Future<List<Long>> sequence(TableName name);

  /**
   * About how many rows a table has, by the server's estimate of what is committed, if it has no
   * index by which one could be found, or only unique ones that can be NULL; nothing if it has one,
   * or is not there.
   */
  Future<Optional<Long>> rowsWithoutIndex(TableName name);

  /** The stored procedure of this name, or nothing. */
  Future<Optional<StoredProcedure>> procedure(TableName name, Seq definitions);

  /** Whether a stored function of this name exists. */
  Future<Boolean> functionExists(String schema, String name, Seq definitions);

  /** The table that a trigger of this name belongs to, or nothing. */
  Future<Optional<TableName>> triggered(TableName trigger, Seq definitions);

  /** The server's {@code lower_case_table_names}: 0, 1 or 2. */
  Future<Integer> lowerCaseTableNames();
}
