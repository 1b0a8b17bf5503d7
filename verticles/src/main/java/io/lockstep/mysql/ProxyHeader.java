package io.lockstep.mysql;

import io.lockstep.model.Require;
import io.vertx.core.buffer.Buffer;

/**
 * Tells the database the client's own address (PROXY protocol, version 1), so that the host parts
 * of accounts keep their meaning. The database must trust ours: {@code proxy_protocol_networks}.
 *
 * @param sourceHost a numeric IPv4 or IPv6 address
 */
public record ProxyHeader(String sourceHost, int sourcePort, String targetHost, int targetPort) {
  public ProxyHeader {
    Require.that(
        numeric(sourceHost) && numeric(targetHost), "a PROXY header names numeric addresses");
  }

  Buffer encode() {
    String family = sourceHost.indexOf(':') >= 0 ? "TCP6" : "TCP4";
    return Buffer.buffer(
        "PROXY %s %s %s %d %d\r\n"
            .formatted(family, sourceHost, targetHost, sourcePort, targetPort));
  }

  private static boolean numeric(String host) {
    return !host.isEmpty() && host.chars().allMatch(c -> c == '.' || c == ':' || isHex(c));
  }

  private static boolean isHex(int c) {
    return Character.digit(c, 16) >= 0 && c < 128;
  }
}
