package io.lockstep.runtime.tls;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A certificate that nobody signed, made by the JDK's own keytool. */
final class SelfSigned {
  private static final String ALIAS = "lockstep";
  private static final String PASSWORD = "LOCKSTEP_STORE_PASSWORD";
  private static final long WAIT_SECONDS = 60;
  private static final int DAYS = 3_650;

  private final TlsFiles files;
  private final List<String> hosts;

  /** {@code hosts} are names and addresses that the certificate is for; the first names it. */
  SelfSigned(TlsFiles files, List<String> hosts) {
    this.files = files;
    this.hosts = List.copyOf(hosts);
  }

  /** Once both files are there they are never changed: clients may have been told of them. */
  void makeIfAbsent() {
    if (Files.exists(files.certificate()) && Files.exists(files.key())) {
      return;
    }
    try {
      make();
    } catch (IOException | GeneralSecurityException e) {
      throw failure(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted", e);
    }
  }

  private void make() throws IOException, GeneralSecurityException, InterruptedException {
    Path absolute = files.certificate().toAbsolutePath();
    Path folder = Optional.ofNullable(absolute.getParent()).orElse(absolute);
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    String password = freshPassword();
    Path store = folder.resolve("keytool.p12");
    Files.deleteIfExists(store);
    try {
      runKeytool(store, password);
      KeyStore pair = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        pair.load(in, password.toCharArray());
      }
      // The key first: a certificate without its key would be taken for a finished pair.
      byte[] key = pair.getKey(ALIAS, password.toCharArray()).getEncoded();
      write(files.key(), pem("PRIVATE KEY", key), "rw-------");
      write(
          files.certificate(),
          pem("CERTIFICATE", pair.getCertificate(ALIAS).getEncoded()),
          "rw-r--r--");
    } finally {
      Files.deleteIfExists(store);
    }
  }

  private void runKeytool(Path store, String password) throws IOException, InterruptedException {
    String names =
        hosts.stream()
            .map(host -> (NetUtil.getByName(host) == null ? "dns:" : "ip:") + host)
            .collect(Collectors.joining(","));
    ProcessBuilder command =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-sigalg",
                "SHA256withECDSA",
                "-validity",
                Integer.toString(DAYS),
                "-dname",
                "CN=" + hosts.get(0).replace(",", "\\,") + ", O=Lockstep",
                "-ext",
                "san=" + names,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass:env",
                PASSWORD)
            .redirectErrorStream(true);
    command.environment().put(PASSWORD, password);
    Process keytool = command.start();
    keytool.getOutputStream().close();
    String said =
        new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (!keytool.waitFor(WAIT_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      keytool.destroyForcibly();
      throw failure("keytool said: " + said, new IOException(said));
    }
  }

  private static String freshPassword() {
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private static String pem(String kind, byte[] der) {
    String text =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
  }

  private static void write(Path file, String pem, String permissions) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
    Files.writeString(fresh, pem);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private IllegalStateException failure(String why, Exception cause) {
    return new IllegalStateException(
        "No certificate could be made in "
            + files.certificate()
            + " ("
            + why
            + "); set mysql.tls to disabled, or name files of your own",
        cause);
  }
}
