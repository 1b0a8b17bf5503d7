package io.lockstep.runtime.tls;

import io.lockstep.runtime.config.NodeConfig;
import io.lockstep.runtime.config.TlsConfig;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where a node's certificate and its key are, both PEM. */
public record TlsFiles(Path certificate, Path key) {
  private static final Set<String> ANY_ADDRESS = Set.of("0.0.0.0", "::", "*");

  /** Nothing if the node does not offer TLS. The files need not be there yet. */
  public static Optional<TlsFiles> of(NodeConfig config) {
    TlsConfig tls = config.mysql().tls();
    if (tls.mode() == TlsConfig.Mode.DISABLED) {
      return Optional.empty();
    }
    Path own = config.data().resolve("tls");
    return Optional.of(
        new TlsFiles(
            tls.certificate().orElse(own.resolve("certificate.pem")),
            tls.key().orElse(own.resolve("key.pem"))));
  }

  /** The same, made now if the operator gave none and there are none from an earlier start. */
  public static Optional<TlsFiles> ready(NodeConfig config) {
    Optional<TlsFiles> files = of(config);
    if (config.mysql().tls().certificate().isEmpty()) {
      files.ifPresent(own -> new SelfSigned(own, hosts(config)).makeIfAbsent());
    }
    return files;
  }

  private static List<String> hosts(NodeConfig config) {
    Set<String> hosts = new LinkedHashSet<>();
    hosts.add(config.self().host());
    hosts.add(config.mysql().host());
    hosts.addAll(List.of("localhost", "127.0.0.1", "::1"));
    hosts.removeAll(ANY_ADDRESS);
    return List.copyOf(hosts);
  }
}
