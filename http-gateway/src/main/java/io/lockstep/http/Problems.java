package io.lockstep.http;

import static io.lockstep.http.ProblemType.BEHIND_TOKEN;
import static io.lockstep.http.ProblemType.CONFLICT;
import static io.lockstep.http.ProblemType.CONSTRAINT;
import static io.lockstep.http.ProblemType.FORBIDDEN;
import static io.lockstep.http.ProblemType.IDEMPOTENCY_KEY_REUSED;
import static io.lockstep.http.ProblemType.INTERNAL;
import static io.lockstep.http.ProblemType.NOT_A_READ;
import static io.lockstep.http.ProblemType.NOT_READY;
import static io.lockstep.http.ProblemType.NOT_SUPPORTED;
import static io.lockstep.http.ProblemType.NOT_WRITTEN;
import static io.lockstep.http.ProblemType.OUTCOME_UNKNOWN;
import static io.lockstep.http.ProblemType.STATEMENT_FAILED;
import static io.lockstep.http.ProblemType.SYNTAX;
import static io.lockstep.http.ProblemType.TIMEOUT;
import static io.lockstep.http.ProblemType.UNAUTHORIZED;

import io.lockstep.gateway.BehindTokenException;
import io.lockstep.gateway.ClientErrorException;
import io.lockstep.gateway.KeyReusedException;
import io.lockstep.gateway.NotWrittenException;
import io.lockstep.gateway.OutcomeUnknownException;
import io.lockstep.model.MySqlError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which problem a failure is. Codes are MariaDB's (Error Code Reference). */
final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  private static final Map<Integer, ProblemType> BY_CODE =
      Map.ofEntries(
          Map.entry(1040, NOT_READY),
          Map.entry(1044, FORBIDDEN),
          Map.entry(1045, UNAUTHORIZED),
          Map.entry(1047, NOT_READY),
          Map.entry(1053, NOT_READY),
          Map.entry(1062, CONSTRAINT),
          Map.entry(1064, SYNTAX),
          Map.entry(1142, FORBIDDEN),
          Map.entry(1143, FORBIDDEN),
          Map.entry(1203, NOT_READY),
          Map.entry(1205, CONFLICT),
          Map.entry(1213, CONFLICT),
          Map.entry(1216, CONSTRAINT),
          Map.entry(1217, CONSTRAINT),
          Map.entry(1226, NOT_READY),
          Map.entry(1227, FORBIDDEN),
          Map.entry(1235, NOT_SUPPORTED),
          Map.entry(1370, FORBIDDEN),
          Map.entry(1410, FORBIDDEN),
          Map.entry(1451, CONSTRAINT),
          Map.entry(1452, CONSTRAINT),
          Map.entry(1586, CONSTRAINT),
          Map.entry(1698, UNAUTHORIZED),
          Map.entry(1792, NOT_A_READ),
          Map.entry(1969, TIMEOUT),
          Map.entry(4025, CONSTRAINT));

  private static final Map<Class<?>, Function<Throwable, Problem>> BY_FAILURE =
      Map.of(
          ProblemException.class,
          failure -> ((ProblemException) failure).problem(),
          ClientErrorException.class,
          failure -> of(((ClientErrorException) failure).error()),
          NotWrittenException.class,
          failure -> Problem.of(NOT_WRITTEN, words(failure)),
          OutcomeUnknownException.class,
          failure -> Problem.of(OUTCOME_UNKNOWN, words(failure)),
          KeyReusedException.class,
          failure -> Problem.of(IDEMPOTENCY_KEY_REUSED, words(failure)),
          BehindTokenException.class,
          failure -> Problem.of(BEHIND_TOKEN, words(failure)));

  private Problems() {}

  static Problem of(Throwable failure) {
    return Optional.ofNullable(BY_FAILURE.get(failure.getClass()))
        .map(known -> known.apply(failure))
        .orElseGet(() -> unforeseen(failure));
  }

  static Problem of(MySqlError error) {
    ProblemType type = BY_CODE.getOrDefault(error.code(), STATEMENT_FAILED);
    return new Problem(type, error.message(), Optional.of(error), List.of());
  }

  private static String words(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }

  /** The client learns no more than that; the log has the rest. */
  private static Problem unforeseen(Throwable failure) {
    LOG.error("a request failed for a reason that was not foreseen", failure);
    return Problem.of(INTERNAL, "the node's log has the reason");
  }
}
