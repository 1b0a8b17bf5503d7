package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.lockstep.model.Require;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.HexFormat;
import javax.net.ssl.SSLException;

/**
 * A server's certificate and key, ready for connections that turn to TLS. Safe on any thread.
 *
 * @see WireLayers
 */
public final class ServerTls {
  /** What marks the proof in an OK packet's info: a SHA-256 follows. */
  private static final String SHA256 = "\u0001";

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final SslContext context;
  private final Bytes fingerprint;

  private ServerTls(SslContext context, Bytes fingerprint) {
    this.context = context;
    this.fingerprint = fingerprint;
  }

  /**
   * Reads PEM files: the certificate with its chain, and its key as PKCS#8 without a password.
   *
   * @throws IllegalArgumentException with what is wrong with them
   */
  public static ServerTls of(Path certificate, Path key) {
    try (InputStream pem = Files.newInputStream(certificate)) {
      Certificate first = CertificateFactory.getInstance("X.509").generateCertificate(pem);
      SslContext context =
          SslContextBuilder.forServer(certificate.toFile(), key.toFile())
              .sslProvider(SslProvider.JDK)
              .protocols(PROTOCOLS)
              .build();
      return new ServerTls(context, sha256(first.getEncoded()));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the certificate "
              + certificate
              + " and its key "
              + key
              + " cannot be used (both PEM, the key as PKCS#8: openssl pkcs8 -topk8 -nocrypt): "
              + reason(e),
          e);
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e instanceof SSLException && e.getCause() != null ? e.getCause() : e;
    return String.valueOf(cause.getMessage());
  }

  SslContext context() {
    return context;
  }

  /**
   * What MariaDB's servers put into the OK packet of a login, so that a client that knows the
   * password can trust a certificate that nobody signed (MariaDB: Connection, OK_Packet of the
   * authentication).
   *
   * @param stage2 SHA1(SHA1(password))
   * @param salt that the client's answer was made with
   */
  public String proof(Bytes stage2, Bytes salt) {
    Require.that(stage2.length() > 0, "without a password there is no proof");
    Bytes digest = sha256(stage2.view(), salt.view(), fingerprint.view());
    return SHA256 + HexFormat.of().withUpperCase().formatHex(digest.view());
  }

  private static Bytes sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return Bytes.owning(digest.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
