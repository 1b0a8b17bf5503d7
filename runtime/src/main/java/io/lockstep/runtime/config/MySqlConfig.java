package io.lockstep.runtime.config;

import io.lockstep.gateway.Networks;
import io.lockstep.gateway.TransactionPlace;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The port that MySQL clients connect to.
 *
 * @param sessionsMax clients at once; the next one gets error 1040
 * @param handshakeTimeout from accepting a client to its login
 * @param idleTimeout how long a signed-in client may be silent
 * @param masterTimeout how long a session waits for a node that serves
 * @param packetMb the longest command, in MiB
 * @param transactions where sessions run their transactions
 * @param proxyProtocolNetworks from where a client's address is taken from a PROXY header
 */
public record MySqlConfig(
    String host,
    int port,
    int sessionsMax,
    Duration handshakeTimeout,
    Duration idleTimeout,
    Duration masterTimeout,
    int packetMb,
    TlsConfig tls,
    TransactionPlace transactions,
    List<String> proxyProtocolNetworks) {
  public static final MySqlConfig DEFAULT =
      new MySqlConfig(
          "127.0.0.1",
          3306,
          2_000,
          Duration.ofSeconds(10),
          Duration.ofHours(8),
          Duration.ofSeconds(30),
          64,
          TlsConfig.DEFAULT,
          TransactionPlace.TOGETHER,
          List.of());

  private static final List<String> PLACES =
      Stream.of(TransactionPlace.values()).map(MySqlConfig::word).toList();

  public MySqlConfig {
    proxyProtocolNetworks = List.copyOf(proxyProtocolNetworks);
    try {
      Networks.of(proxyProtocolNetworks);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("mysql.proxy-protocol-networks: " + e.getMessage());
    }
  }

  private static String word(TransactionPlace place) {
    return place.name().toLowerCase(Locale.ROOT);
  }

  static MySqlConfig read(ConfigSection section) {
    return new MySqlConfig(
        section.text("host", DEFAULT.host),
        section.port("port", DEFAULT.port),
        (int) section.number("sessions-max", DEFAULT.sessionsMax, 1, 100_000),
        section.millis(
            "handshake-timeout-ms",
            DEFAULT.handshakeTimeout,
            Duration.ofMillis(100),
            Duration.ofMinutes(5)),
        section.millis(
            "idle-timeout-ms", DEFAULT.idleTimeout, Duration.ofSeconds(1), Duration.ofDays(30)),
        section.millis(
            "master-timeout-ms",
            DEFAULT.masterTimeout,
            Duration.ofMillis(100),
            Duration.ofMinutes(10)),
        (int) section.number("packet-mb", DEFAULT.packetMb, 1, 64),
        TlsConfig.read(section),
        TransactionPlace.valueOf(
            section
                .word("transactions", word(DEFAULT.transactions), PLACES)
                .toUpperCase(Locale.ROOT)),
        section.texts("proxy-protocol-networks", DEFAULT.proxyProtocolNetworks));
  }
}
