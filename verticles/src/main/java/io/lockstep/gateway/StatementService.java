package io.lockstep.gateway;

import io.vertx.core.Future;

/**
 * Single statements with the read and write path of the MySQL port, for other front doors. Futures
 * complete on the caller's context.
 *
 * <p>Failures: {@link ClientErrorException} (answer the error), {@link NotWrittenException} (safe
 * to try again), {@link OutcomeUnknownException} (ask again under the same id), {@link
 * KeyReusedException} and {@link BehindTokenException} (nothing was written).
 */
public interface StatementService {
  /** Verifies a password in clear text against the database's own accounts; error 1045 if wrong. */
  Future<Identity> authenticate(String user, String password, String clientAddress);

  /**
   * Runs one statement; its rows, if it has any, go to {@code rows} before the future completes.
   */
  Future<StatementResult> execute(StatementRequest request, RowSink rows);
}
