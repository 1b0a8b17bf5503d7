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
  private final Optional<Path> classesInto;

  /**
   * @param main where the program starts, when it does not run from its jar
   */
  ThisProgram(Class<?> main) {
    this(main, Optional.empty());
  }

  private ThisProgram(Class<?> main, Optional<Path> classesInto) {
    this.main = main;
    this.classesInto = classesInto;
  }

  /** The same, but its nodes leave an archive of their classes when they end. */
  ThisProgram leavingClassesIn(Path file) {
    return new ThisProgram(main, Optional.of(file));
  }

  /** Where an archive of its classes belongs; empty when it does not run from its jar. */
  Optional<ClassArchive> classArchive() {
    return jar().map(ClassArchive::new);
  }

  /** The command line of one node. */
  List<String> node(Path config) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.addAll(
        classesInto
            .map(ClassArchive::making)
            .or(() -> classArchive().map(ClassArchive::options))
            .orElse(List.of()));
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

  private List<String> program() {
    return jar()
        .map(jar -> List.of("-jar", jar.toString()))
        .orElse(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
  }

  /** With {@code java -jar} the class path is that jar, whatever it is called. */
  private static Optional<Path> jar() {
    String classPath = System.getProperty("java.class.path");
    return Optional.of(classPath)
        .filter(path -> !path.contains(File.pathSeparator))
        .map(path -> Path.of(path).toAbsolutePath().normalize())
        .filter(Files::isRegularFile);
  }
}
