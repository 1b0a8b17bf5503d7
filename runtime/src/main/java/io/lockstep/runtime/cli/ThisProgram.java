package io.lockstep.runtime.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How this program is started again as a process of its own. */
final class ThisProgram {
  /** More options for the Java of every node that a demo starts, separated by blanks. */
  static final String OPTIONS_VARIABLE = "LOCKSTEP_JAVA_OPTIONS";

  /**
   * For several nodes on one machine: a small heap, one thread to collect it, and the quick
   * compiler alone, since the thorough ones of three nodes take two processors for more than a
   * minute of load. A node whose memory does not suffice ends instead of limping.
   */
  private static final List<String> OPTIONS =
      List.of(
          "-Xms96m",
          "-Xmx1g",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+ExitOnOutOfMemoryError",
          "-Xshare:auto");

  private final Class<?> main;

  /**
   * @param main where the program starts, when it does not run from its jar
   */
  ThisProgram(Class<?> main) {
    this.main = main;
  }

  /** The command line of one node. */
  List<String> node(Path config) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    Optional.ofNullable(System.getenv(OPTIONS_VARIABLE))
        .filter(options -> !options.isBlank())
        .ifPresent(options -> command.addAll(Arrays.asList(options.strip().split("\\s+"))));
    command.addAll(program());
    command.addAll(List.of("node", "--config", config.toString()));
    return command;
  }

  /** What a person types to start a node by hand. */
  String nodeByHand(Path config) {
    var program = program();
    var shown =
        program.get(0).equals("-jar") ? "-jar " + program.get(1) : "-cp ... " + main.getName();
    return "java " + shown + " node --config " + config;
  }

  /** With {@code java -jar} the class path is that jar, whatever it is called. */
  private List<String> program() {
    String classPath = System.getProperty("java.class.path");
    Path jar = Path.of(classPath.split(File.pathSeparator, 2)[0]).toAbsolutePath();
    return !classPath.contains(File.pathSeparator) && Files.isRegularFile(jar)
        ? List.of("-jar", jar.toString())
        : List.of("-cp", classPath, main.getName());
  }
}
