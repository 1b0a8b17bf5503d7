package io.lockstep.runtime.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Makes the data folder of a new database: system tables, {@code root} without a password from this
 * machine, and Lockstep's own account. The accounts are the same on every node, whatever the
 * machine's name. Blocks; never on an event loop.
 */
final class Installation {
  /** Lockstep's own account, on the node's own machine only. */
  static final String USER = "lockstep";

  static final Duration INSTALL_WAIT_MAX = Duration.ofMinutes(5);
  private static final int ERROR_LINES_MAX = 10;
  private static final int PASSWORD_BYTES = 24;

  private final OwnedSettings settings;
  private final ServerCommand command;
  private final SecureRandom random;

  Installation(OwnedSettings settings, ServerCommand command, SecureRandom random) {
    this.settings = settings;
    this.command = command;
    this.random = random;
  }

  /**
   * The password of Lockstep's account. Made on the first call and kept in a file that only its
   * owner may read.
   */
  String password() {
    try {
      var file = settings.passwordFile();
      if (!Files.exists(file)) {
        var bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        writePrivately(file, HexFormat.of().formatHex(bytes));
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep a password in " + settings.passwordFile(), e);
    }
  }

  /**
   * Does nothing where there is a data folder. A half-made one of an earlier try is thrown away.
   */
  void ensure() {
    if (Files.exists(settings.dataDir())) {
      return;
    }
    var unfinished = settings.home().resolve("data.new");
    var accounts = settings.home().resolve("accounts.sql");
    try {
      FileTree.delete(unfinished);
      writePrivately(accounts, accountsSql());
      run(unfinished, accounts);
      Files.move(unfinished, settings.dataDir(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot install a database in " + settings.home(), e);
    } finally {
      deleteFile(accounts);
    }
  }

  private void run(Path target, Path accounts) throws IOException {
    var log = settings.installLogFile();
    var process =
        new ProcessBuilder(command.install(target, accounts))
            .directory(settings.home().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(INSTALL_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new DatabaseStartException(
            "Installing a database took more than " + INSTALL_WAIT_MAX + ", see " + log);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new DatabaseStartException("Interrupted while installing a database", e);
    }
    if (process.exitValue() != 0) {
      throw new DatabaseStartException(
          "Installing a database failed, see " + log + ":\n" + errors(log));
    }
  }

  /** The script says much after an error that does not help. */
  private static String errors(Path log) throws IOException {
    try (var lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      var errors = lines.filter(line -> line.contains("ERROR")).limit(ERROR_LINES_MAX).toList();
      return errors.isEmpty() ? LogTail.of(log) : String.join("\n", errors);
    }
  }

  /** Whoever runs this may not use GRANT PROXY, which ALL PRIVILEGES does not include. */
  private String accountsSql() {
    var password = password();
    return """
        DELETE FROM mysql.global_priv
          WHERE User='' OR (User='root' AND Host NOT IN ('localhost','127.0.0.1','::1'));
        FLUSH PRIVILEGES;
        CREATE USER '%1$s'@'localhost' IDENTIFIED BY '%2$s';
        CREATE USER '%1$s'@'127.0.0.1' IDENTIFIED BY '%2$s';
        GRANT ALL PRIVILEGES ON *.* TO '%1$s'@'localhost' WITH GRANT OPTION;
        GRANT ALL PRIVILEGES ON *.* TO '%1$s'@'127.0.0.1' WITH GRANT OPTION;
        INSERT INTO mysql.proxies_priv (Host, User, With_grant)
          VALUES ('localhost', '%1$s', 1), ('127.0.0.1', '%1$s', 1);
        """
        .formatted(USER, password);
  }

  private static void writePrivately(Path file, String text) throws IOException {
    var whole = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(whole);
    Files.createFile(
        whole,
        PosixFilePermissions.asFileAttribute(
            Set.copyOf(PosixFilePermissions.fromString("rw-------"))));
    Files.writeString(whole, text);
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void deleteFile(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + file, e);
    }
  }
}
