package io.lockstep.chaos.live;

import io.lockstep.runtime.cli.ClassArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs the fat jar as a user does: {@code java -jar lockstep.jar …}, with the quick compiler alone
 * and the archive of its classes, if there is one, as the nodes of a demo.
 *
 * @param environment added to this process's own
 */
record Jar(Path file, Map<String, String> environment) {
  Jar(Path file) {
    this(file, Map.of());
  }

  /** Starts a command whose output goes to {@code log}. The caller ends it. */
  Process start(Path log, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(new ClassArchive(file).options());
    command.add("-jar");
    command.add(file.toString());
    command.addAll(List.of(arguments));
    try {
      ProcessBuilder process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      process.environment().putAll(environment);
      return process.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end and returns its exit code. */
  int run(Path log, String... arguments) throws InterruptedException {
    return start(log, arguments).waitFor();
  }
}
