package io.lockstep.applier.mariadb;

import io.lockstep.model.Require;
import io.lockstep.mysql.BackendOptions;

/**
 * How the applier reaches its database.
 *
 * @param backend address and account; the account needs every privilege
 * @param relaxedFlush what {@code innodb_flush_log_at_trx_commit} is between flushes: 0, 1 or 2
 */
public record MariaOptions(BackendOptions backend, int relaxedFlush) {
  /** Commits reach the page cache and survive the death of the server's process. */
  public static final int RELAXED_FLUSH = 2;

  public MariaOptions {
    Require.that(relaxedFlush >= 0 && relaxedFlush <= 2, "the relaxed flush is 0, 1 or 2");
  }

  public static MariaOptions of(BackendOptions backend) {
    return new MariaOptions(backend, RELAXED_FLUSH);
  }
}
