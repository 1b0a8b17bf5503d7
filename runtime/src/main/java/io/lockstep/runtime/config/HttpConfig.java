package io.lockstep.runtime.config;

import java.time.Duration;

/**
 * The port of the HTTP gateway.
 *
 * @param bodyMb the longest request body, in MiB
 * @param rowsMax rows that one query may return
 * @param statementsMax statements under way at one time
 * @param requestTimeout how long one statement may take, from its admission to its last row
 * @param verifyTimeout how long a verification may take
 */
public record HttpConfig(
    String host,
    int port,
    int bodyMb,
    long rowsMax,
    int statementsMax,
    Duration requestTimeout,
    Duration verifyTimeout) {
  public static final HttpConfig DEFAULT =
      new HttpConfig(
          "127.0.0.1", 8480, 16, 1_000_000, 256, Duration.ofSeconds(60), Duration.ofMinutes(10));

  static HttpConfig read(ConfigSection section) {
    return new HttpConfig(
        section.text("host", DEFAULT.host),
        section.port("port", DEFAULT.port),
        (int) section.number("body-mb", DEFAULT.bodyMb, 1, 64),
        section.number("rows-max", DEFAULT.rowsMax, 1, 1_000_000_000L),
        (int) section.number("statements-max", DEFAULT.statementsMax, 1, 10_000),
        section.millis(
            "request-timeout-ms",
            DEFAULT.requestTimeout,
            Duration.ofMillis(100),
            Duration.ofHours(1)),
        section.millis(
            "verify-timeout-ms",
            DEFAULT.verifyTimeout,
            Duration.ofSeconds(1),
            Duration.ofHours(24)));
  }
}
