package io.lockstep.sql;

import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.Optional;

/** The catalogue read from the information schema of one node's own database. */
public final class MariaCatalogue implements Catalogue {
  /** How many definitions are kept; the longest unused makes room. */
  public static final int TABLES_MAX = 4_096;

  private final Pool pool;

  /**
   * @param pool connections of an account that sees every schema, to one node's database
   */
  public MariaCatalogue(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Future<Optional<TableDefinition>> table(TableName name, Seq definitions) {
    return Future.failedFuture(new UnsupportedOperationException(pool + " " + name));
  }

  @Override
  public Future<Boolean> functionExists(String schema, String name, Seq definitions) {
    return Future.failedFuture(new UnsupportedOperationException());
  }

  @Override
  public Future<Integer> lowerCaseTableNames() {
    return Future.failedFuture(new UnsupportedOperationException());
  }
}
