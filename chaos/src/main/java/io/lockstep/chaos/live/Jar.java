package io.lockstep.chaos.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the fat jar as a user does: {@code java -jar lockstep.jar …}. */
record Jar(Path file) {
  /** Starts a command whose output goes to {@code log}. The caller ends it. */
  Process start(Path log, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-jar");
    command.add(file.toString());
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end and returns its exit code. */
  int run(Path log, String... arguments) throws InterruptedException {
    return start(log, arguments).waitFor();
  }
}
