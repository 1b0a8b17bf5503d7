package io.lockstep.runtime.config;

import java.time.Duration;

/**
 * The port of the HTTP gateway.
 *
 * @param bodyMb the longest request body, in MiB
 * @param rowsMax rows that one query may return
 * @param requestTimeout how long one request may take
 */
public record HttpConfig(String host, int port, int bodyMb, long rowsMax, Duration requestTimeout) {
  public static final HttpConfig DEFAULT =
      new HttpConfig("127.0.0.1", 8080, 16, 1_000_000, Duration.ofSeconds(60));

  static HttpConfig read(ConfigSection section) {
    return new HttpConfig(
        section.text("host", DEFAULT.host),
        section.port("port", DEFAULT.port),
        (int) section.number("body-mb", DEFAULT.bodyMb, 1, 64),
        section.number("rows-max", DEFAULT.rowsMax, 1, 1_000_000_000L),
        section.millis(
            "request-timeout-ms",
            DEFAULT.requestTimeout,
            Duration.ofMillis(100),
            Duration.ofHours(1)));
  }
}
