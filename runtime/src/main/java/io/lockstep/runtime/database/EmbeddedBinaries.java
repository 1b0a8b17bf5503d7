package io.lockstep.runtime.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The packaged server's programs: found beside the jar, unpacked once into a cache folder that all
 * nodes of a machine share. Starts at the same time are safe: the folder appears under its name by
 * one rename, complete. Blocks; never on an event loop.
 */
public final class EmbeddedBinaries {
  /** Names a folder for the unpacked programs, instead of {@code ~/.cache/lockstep}. */
  public static final String CACHE_VARIABLE = "LOCKSTEP_CACHE";

  private final EmbeddedRelease release;
  private final List<Path> folders;
  private final Path cache;
  private final Consumer<String> progress;

  /**
   * @param folders where the archive may lie, in this order
   * @param progress told what takes time, one line each
   */
  public EmbeddedBinaries(
      EmbeddedRelease release, List<Path> folders, Path cache, Consumer<String> progress) {
    this.release = release;
    this.folders = List.copyOf(folders);
    this.cache = cache;
    this.progress = progress;
  }

  /** The archive beside this program's own jar or classes, the cache where the user has it. */
  public static EmbeddedBinaries packaged(Consumer<String> progress) {
    return new EmbeddedBinaries(
        EmbeddedRelease.LINUX_64,
        foldersBesideProgram(),
        Optional.ofNullable(System.getenv(CACHE_VARIABLE))
            .map(Path::of)
            .orElse(Path.of(System.getProperty("user.home"), ".cache", "lockstep")),
        progress);
  }

  private static List<Path> foldersBesideProgram() {
    try {
      var source = EmbeddedBinaries.class.getProtectionDomain().getCodeSource();
      var program = Path.of(source.getLocation().toURI()).toAbsolutePath();
      var folder = Optional.ofNullable(program.getParent()).orElse(program);
      return List.of(folder.resolve("embedded"), folder);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the program's own place is no file", e);
    }
  }

  /** Whether the packaged programs can run here: 64-bit Intel Linux. */
  public static boolean fitsThisPlatform() {
    var system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    var processor = System.getProperty("os.arch", "");
    return system.equals("linux") && (processor.equals("amd64") || processor.equals("x86_64"));
  }

  /**
   * The programs, unpacked now if they are not yet.
   *
   * @throws DatabaseStartException with what to do instead, when there are none for this machine
   */
  public ServerBinaries unpacked() {
    if (!fitsThisPlatform()) {
      throw new DatabaseStartException(
          "There is no packaged MariaDB for %s on %s. Install MariaDB and name its server with --mariadbd PATH (in node.yaml: database.owned.mariadbd)."
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
    }
    var target =
        cache.resolve("mariadb-" + release.version() + "-" + release.sha256().substring(0, 12));
    try {
      if (!ArchiveUnpacking.complete(target)) {
        Files.createDirectories(cache);
        unpackAlone(target);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot unpack the packaged MariaDB into " + cache, e);
    }
    return ServerBinaries.at(target.resolve("bin").resolve("mariadbd"));
  }

  /** Waits for another process that is unpacking, and then finds it done. */
  private void unpackAlone(Path target) throws IOException {
    var lockFile = cache.resolve("mariadb-" + release.version() + ".lock");
    try (var channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var held = lock(channel).orElse(null)) {
      if (!ArchiveUnpacking.complete(target)) {
        unpack(target);
      }
    }
  }

  /**
   * Within one process a second lock is refused instead of waited for. Then both unpack, each into
   * a folder of its own; the rename decides, and only the work is wasted.
   */
  private static Optional<FileLock> lock(FileChannel channel) throws IOException {
    try {
      return Optional.of(channel.lock());
    } catch (OverlappingFileLockException sameProcess) {
      return Optional.empty();
    }
  }

  private void unpack(Path target) throws IOException {
    var archive = archive();
    var fresh = Files.createTempDirectory(cache, "unpacking-");
    try {
      new ArchiveUnpacking(release, progress).unpack(archive, fresh);
      if (Files.exists(target) && !ArchiveUnpacking.complete(target)) {
        // Damaged afterwards, for instance by a cleaner of cache folders.
        Files.move(target, Files.createTempDirectory(cache, "damaged-").resolve("old"));
      }
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!ArchiveUnpacking.complete(target)) {
        throw e;
      }
    } finally {
      FileTree.delete(fresh);
    }
  }

  private Path archive() {
    return folders.stream()
        .map(folder -> folder.resolve(release.archive()))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () ->
                new DatabaseStartException(
                    "The packaged MariaDB (%s) is in none of %s. Build it with 'mvn -DskipTests package', or name an installed server with --mariadbd PATH (in node.yaml: database.owned.mariadbd)."
                        .formatted(release.archive(), folders)));
  }
}
