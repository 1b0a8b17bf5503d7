package io.lockstep.http;

import io.lockstep.model.Require;
import java.time.Duration;

/**
 * The limits of the HTTP gateway; reaching one is a problem document.
 *
 * @param bodyBytesMax the longest request body
 * @param rowsMax the most rows of one answer
 * @param statementsMax statements under way at one time
 * @param statementTime how long one statement may take, from its admission to its last row
 * @param verifyTime how long a verification may take
 */
public record HttpBounds(
    int bodyBytesMax,
    long rowsMax,
    int statementsMax,
    Duration statementTime,
    Duration verifyTime) {
  public static final HttpBounds DEFAULT =
      new HttpBounds(16 << 20, 1_000_000, 256, Duration.ofSeconds(60), Duration.ofMinutes(10));

  public HttpBounds {
    Require.that(bodyBytesMax > 0, "http.body-bytes-max must be positive");
    Require.that(rowsMax > 0, "http.rows-max must be positive");
    Require.that(statementsMax > 0, "http.statements-max must be positive");
    Require.that(positive(statementTime), "http.statement-time must be positive");
    Require.that(positive(verifyTime), "http.verify-time must be positive");
  }

  private static boolean positive(Duration time) {
    return !time.isZero() && !time.isNegative();
  }
}
