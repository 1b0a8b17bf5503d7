package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import io.lockstep.mysql.BackendLostException;
import io.lockstep.mysql.BackendRefusedException;
import io.lockstep.mysql.ReplyTooLargeException;
import java.util.Optional;

/** Which failures have an error that a client can be told without untruth (invariant I4). */
final class Failures {
  private Failures() {}

  /** The error; empty when the connection must be closed instead. */
  static Optional<MySqlError> error(Throwable cause) {
    if (cause instanceof ClientErrorException known) {
      return Optional.of(known.error());
    }
    if (cause instanceof BackendRefusedException refused) {
      return Optional.of(refused.error());
    }
    if (cause instanceof NotWrittenException || cause instanceof BehindTokenException) {
      return Optional.of(MySqlError.notReady(String.valueOf(cause.getMessage())));
    }
    if (cause instanceof ReplyTooLargeException) {
      return Optional.of(MySqlError.notSupported(String.valueOf(cause.getMessage())));
    }
    return Optional.empty();
  }

  /** Whether the end of the session is no defect of this gateway. */
  static boolean isExpected(Throwable cause) {
    return cause instanceof OutcomeUnknownException
        || cause instanceof SessionLostException
        || cause instanceof BackendLostException;
  }

  /** A failure as {@link StatementService} names it. */
  static Throwable forClient(Throwable cause) {
    boolean named =
        cause instanceof NotWrittenException
            || cause instanceof BehindTokenException
            || cause instanceof OutcomeUnknownException
            || cause instanceof KeyReusedException;
    if (named) {
      return cause;
    }
    return error(cause)
        .<Throwable>map(ClientErrorException::new)
        .orElseGet(
            () ->
                isExpected(cause)
                    ? new ClientErrorException(
                        MySqlError.notReady(String.valueOf(cause.getMessage())))
                    : cause);
  }
}
