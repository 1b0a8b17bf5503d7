package io.lockstep.runtime.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Makes sure that one process at a time works in a folder. The operating system frees it when the
 * process ends, however it ends. The pid beside it is for people and for {@code demo}.
 */
final class FolderLock implements AutoCloseable {
  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes {@code NAME.lock} in the folder and writes {@code NAME.pid}.
   *
   * @return empty when another process has it
   */
  static Optional<FolderLock> take(Path folder, String name) {
    try {
      Files.createDirectories(folder);
      var channel =
          FileChannel.open(
              folder.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(channel)) {
        channel.close();
        return Optional.empty();
      }
      Files.writeString(
          folder.resolve(name + ".pid"), ProcessHandle.current().pid() + System.lineSeparator());
      return Optional.of(new FolderLock(channel));
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCodes.REFUSED,
          "Cannot use the folder %s (%s)".formatted(folder, e.getClass().getSimpleName()),
          e);
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      Optional<FileLock> held = Optional.ofNullable(channel.tryLock());
      return held.isPresent();
    } catch (OverlappingFileLockException heldHere) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
