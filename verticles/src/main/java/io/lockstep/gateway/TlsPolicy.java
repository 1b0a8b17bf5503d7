package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import io.lockstep.model.Require;
import io.lockstep.mysql.ServerTls;
import java.util.Optional;

/**
 * Whether clients may, or must, encrypt.
 *
 * @param server the certificate and key; nothing if TLS is not offered
 * @param required whether a client without TLS is refused
 */
public record TlsPolicy(Optional<ServerTls> server, boolean required) {
  public static final TlsPolicy DISABLED = new TlsPolicy(Optional.empty(), false);

  /** ER_SECURE_TRANSPORT_REQUIRED, in the server's own words. */
  static final MySqlError REQUIRED =
      new MySqlError(
          3159,
          "08004",
          "Connections using insecure transport are prohibited while"
              + " --require_secure_transport=ON.");

  public TlsPolicy {
    Require.that(!required || server.isPresent(), "what is required must be offered");
  }
}
