package io.lockstep.runtime.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * TLS on the MySQL port.
 *
 * @param certificate a PEM file; absent for a certificate that the node makes itself
 * @param key a PEM file; given if and only if the certificate is
 */
public record TlsConfig(Mode mode, Optional<Path> certificate, Optional<Path> key) {
  /** Whether clients may, or must, encrypt. */
  public enum Mode {
    DISABLED("disabled"),
    OPTIONAL("optional"),
    REQUIRED("required");

    private final String word;

    Mode(String word) {
      this.word = word;
    }

    private static Mode of(String word) {
      return List.of(values()).stream()
          .filter(mode -> mode.word.equals(word))
          .findFirst()
          .orElseThrow();
    }
  }

  public static final TlsConfig DEFAULT =
      new TlsConfig(Mode.OPTIONAL, Optional.empty(), Optional.empty());

  public TlsConfig {
    if (certificate.isPresent() != key.isPresent()) {
      throw new ConfigException(
          "mysql.tls-certificate-file and mysql.tls-key-file are given together or not at all");
    }
  }

  static TlsConfig read(ConfigSection mysql) {
    List<String> words = List.of(Mode.values()).stream().map(mode -> mode.word).toList();
    return new TlsConfig(
        Mode.of(mysql.word("tls", DEFAULT.mode.word, words)),
        mysql.optionalPath("tls-certificate-file"),
        mysql.optionalPath("tls-key-file"));
  }
}
