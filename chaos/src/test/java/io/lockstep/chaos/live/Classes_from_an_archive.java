package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lockstep.runtime.cli.ClassArchive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** They spare a start half of its work where they fit, and are no news where they do not. */
@Tag("live")
@DisplayNameGeneration(ReplaceUnderscores.class)
class Classes_from_an_archive {
  private static final Path JAR = Path.of("..", "runtime", "target", "lockstep.jar");
  private static final String VERSION = "lockstep \\S+ on Java \\S+\\R";

  private final Path folder;

  Classes_from_an_archive(@TempDir Path folder) {
    this.folder = folder;
  }

  /** A full build makes one; a single test does without. */
  private static ClassArchive made() {
    ClassArchive archive = new ClassArchive(JAR);
    assumeTrue(Files.exists(archive.file()), "there is no archive");
    return archive;
  }

  @Test
  void are_taken_from_it_by_whoever_runs_the_jar() throws Exception {
    ClassArchive archive = made();
    assumeTrue(
        Files.getLastModifiedTime(archive.file()).compareTo(Files.getLastModifiedTime(JAR)) > 0,
        "the archive is another jar's");
    Path loaded = folder.resolve("loaded");
    version(archive, "-Xlog:class+load:file=" + loaded);
    assertTrue(
        Files.readString(loaded)
            .contains("io.lockstep.runtime.cli.Main source: shared objects file (top)"));
  }

  @Test
  void of_another_jar_are_not_taken_and_nothing_is_said() throws Exception {
    Path other = Files.copy(JAR, folder.resolve("lockstep.jar"));
    ClassArchive archive = new ClassArchive(other);
    assertEquals(List.of(), archive.options());
    Files.copy(made().file(), archive.file());
    assertEquals(3, archive.options().size());
    assertTrue(version(archive).matches(VERSION), version(archive));
  }

  @Test
  void of_no_archive_at_all_are_not_taken_and_nothing_is_said() throws Exception {
    ClassArchive archive = new ClassArchive(Files.copy(JAR, folder.resolve("lockstep.jar")));
    Files.writeString(archive.file(), "something else");
    assertTrue(version(archive).matches(VERSION), version(archive));
  }

  /** What the program prints when it is asked for its version. */
  private String version(ClassArchive archive, String... more) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(archive.options());
    command.addAll(List.of(more));
    command.addAll(List.of("-jar", archive.jar().toString(), "version"));
    Path output = folder.resolve("output");
    int code =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start()
            .waitFor();
    assertEquals(0, code);
    return Files.readString(output);
  }
}
