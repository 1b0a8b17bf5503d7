package io.lockstep.runtime.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.ServerTls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class A_self_signed_certificate {
  private static TlsFiles made(Path folder) {
    TlsFiles files = new TlsFiles(folder.resolve("certificate.pem"), folder.resolve("key.pem"));
    new SelfSigned(files, List.of("db1.example", "10.0.0.1", "::1")).makeIfAbsent();
    return files;
  }

  @Test
  void is_for_the_hosts_of_its_node_and_serves(@TempDir Path folder)
      throws IOException, GeneralSecurityException {
    TlsFiles files = made(folder.resolve("tls"));
    X509Certificate certificate = certificate(files);
    certificate.verify(certificate.getPublicKey());
    assertEquals("CN=db1.example,O=Lockstep", certificate.getSubjectX500Principal().getName());
    List<Object> names =
        certificate.getSubjectAlternativeNames().stream().<Object>map(name -> name.get(1)).toList();
    assertEquals(List.of("db1.example", "10.0.0.1", "0:0:0:0:0:0:0:1"), names);
    String proof =
        ServerTls.of(files.certificate(), files.key())
            .proof(Bytes.utf8("01234567890123456789"), Bytes.utf8("abcdefghijklmnopqrst"));
    assertTrue(proof.matches("\u0001[0-9A-F]{64}"), proof);
  }

  @Test
  void keeps_its_key_to_its_owner_and_leaves_nothing_else_behind(@TempDir Path folder)
      throws IOException {
    TlsFiles files = made(folder);
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(files.key())));
    try (Stream<Path> all = Files.list(folder)) {
      assertEquals(2, all.count());
    }
  }

  @Test
  void is_made_once(@TempDir Path folder) throws IOException {
    String first = Files.readString(made(folder).certificate());
    assertEquals(first, Files.readString(made(folder).certificate()));
  }

  @Test
  void is_made_again_when_its_key_is_lost(@TempDir Path folder) throws IOException {
    TlsFiles files = made(folder);
    Files.delete(files.key());
    made(folder);
    ServerTls.of(files.certificate(), files.key());
  }

  @Test
  void does_not_serve_without_its_key(@TempDir Path folder) {
    TlsFiles one = made(folder.resolve("one"));
    Path missing = folder.resolve("nowhere.pem");
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> ServerTls.of(one.certificate(), missing));
    assertTrue(String.valueOf(refused.getMessage()).contains("nowhere.pem"));
    assertThrows(
        IllegalArgumentException.class, () -> ServerTls.of(one.certificate(), one.certificate()));
  }

  private static X509Certificate certificate(TlsFiles files)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(files.certificate())) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }
}
