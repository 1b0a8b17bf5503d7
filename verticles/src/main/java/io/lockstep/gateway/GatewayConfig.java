package io.lockstep.gateway;

import io.lockstep.model.Require;
import io.lockstep.model.Write;
import java.time.Duration;

/**
 * The MySQL port's bounds.
 *
 * @param host the address to listen on
 * @param connectionsMax clients at once; the next gets 1040
 * @param handshakeTimeout from accepting a client to its login
 * @param idleTimeout how long a signed-in client may be silent
 * @param packetBytesMax the longest command, in bytes
 * @param masterWithin how long a session waits for a node that serves
 * @param tls whether clients may, or must, encrypt
 * @param proxies from where the PROXY protocol is believed
 * @param transactions where sessions run their transactions
 */
public record GatewayConfig(
    String host,
    int port,
    int connectionsMax,
    Duration handshakeTimeout,
    Duration idleTimeout,
    int packetBytesMax,
    Duration masterWithin,
    TlsPolicy tls,
    Networks proxies,
    TransactionPlace transactions) {
  public static final GatewayConfig DEFAULT =
      new GatewayConfig(
          "127.0.0.1",
          3306,
          2_000,
          Duration.ofSeconds(10),
          Duration.ofHours(8),
          Write.BYTES_MAX + 1_024,
          Duration.ofSeconds(30),
          TlsPolicy.DISABLED,
          Networks.NONE,
          TransactionPlace.TOGETHER);

  public GatewayConfig {
    Require.that(!host.isEmpty(), "gateway.host must not be empty");
    Require.that(port >= 0 && port < 65_536, "gateway.port must be 0..65535, was " + port);
    Require.that(connectionsMax > 0, "gateway.connections-max must be positive");
    Require.that(positive(handshakeTimeout), "gateway.handshake-timeout must be positive");
    Require.that(positive(idleTimeout), "gateway.idle-timeout must be positive");
    Require.that(packetBytesMax >= 1 << 16, "gateway.packet-bytes-max must be at least 64 KiB");
    Require.that(positive(masterWithin), "gateway.master-within must be positive");
  }

  /** The same on another address. */
  public GatewayConfig listeningOn(String otherHost, int otherPort) {
    return new GatewayConfig(
        otherHost,
        otherPort,
        connectionsMax,
        handshakeTimeout,
        idleTimeout,
        packetBytesMax,
        masterWithin,
        tls,
        proxies,
        transactions);
  }

  /** The same with another way to encrypt. */
  public GatewayConfig withTls(TlsPolicy other) {
    return new GatewayConfig(
        host,
        port,
        connectionsMax,
        handshakeTimeout,
        idleTimeout,
        packetBytesMax,
        masterWithin,
        other,
        proxies,
        transactions);
  }

  /** The same believing these networks' PROXY headers. */
  public GatewayConfig withProxies(Networks networks) {
    return new GatewayConfig(
        host,
        port,
        connectionsMax,
        handshakeTimeout,
        idleTimeout,
        packetBytesMax,
        masterWithin,
        tls,
        networks,
        transactions);
  }

  private static boolean positive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }
}
