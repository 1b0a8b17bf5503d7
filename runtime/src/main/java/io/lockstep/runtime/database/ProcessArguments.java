package io.lockstep.runtime.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command line of another process, by which a pid in a file is told from a reused one. */
public final class ProcessArguments {
  private ProcessArguments() {}

  /**
   * Empty when the process is gone or belongs to somebody else. On Linux read from proc(5), because
   * Java gives up on command lines longer than a page.
   */
  public static List<String> of(ProcessHandle process) {
    var file = Path.of("/proc", Long.toString(process.pid()), "cmdline");
    if (Files.isReadable(file)) {
      try {
        return List.of(Files.readString(file, StandardCharsets.ISO_8859_1).split("\0"));
      } catch (IOException gone) {
        return List.of();
      }
    }
    return process.info().arguments().map(List::of).orElse(List.of());
  }
}
