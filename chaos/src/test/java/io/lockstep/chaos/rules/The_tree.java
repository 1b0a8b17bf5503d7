package io.lockstep.chaos.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** A unit test of the repository itself: what a reader may rely on in every file. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class The_tree {
  private static final int LINES_MAX = 400;
  private static final Path ROOT = root();
  private static final Pattern OPEN_END = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");
  private static final Pattern BANNED_NAME =
      Pattern.compile("class \\w*(Manager|Helper|Util|Utils|Impl)\\b");

  @Test
  void has_no_file_longer_than_a_reader_can_hold() {
    assertEquals(
        List.of(),
        main().filter(file -> lines(file).size() > LINES_MAX).map(The_tree::name).toList());
  }

  @Test
  void has_no_open_ends() {
    assertEquals(List.of(), linesOf(main(), OPEN_END));
  }

  @Test
  void names_its_types_by_what_they_are() {
    assertEquals(List.of(), linesOf(main(), BANNED_NAME));
  }

  @Test
  void prints_in_the_command_line_alone() {
    assertEquals(
        List.of(),
        linesOf(
            main()
                .filter(file -> !name(file).contains("/cli/") && !name(file).startsWith("chaos/")),
            Pattern.compile("System\\.(out|err)|printStackTrace")));
  }

  @Test
  void explains_every_package() {
    List<String> silent =
        main()
            .map(Path::getParent)
            .distinct()
            .filter(directory -> !Files.exists(directory.resolve("package-info.java")))
            .map(The_tree::name)
            .toList();
    assertEquals(List.of(), silent);
  }

  @Test
  void checks_nulls_in_every_package() {
    List<String> unchecked =
        main()
            .filter(file -> file.endsWith("package-info.java"))
            .filter(file -> !text(file).contains("@NullMarked"))
            .map(The_tree::name)
            .toList();
    assertEquals(List.of(), unchecked);
  }

  @Test
  void switches_no_test_off() {
    assertEquals(List.of(), linesOf(javaFiles("src/test"), Pattern.compile("^\\s*@Disabled")));
  }

  @Test
  void is_really_there() {
    assertFalse(main().findAny().isEmpty());
  }

  private static Stream<Path> main() {
    return javaFiles("src/main");
  }

  private static Stream<Path> javaFiles(String part) {
    return Stream.of("verticles", "http-gateway", "runtime", "chaos")
        .map(module -> ROOT.resolve(module).resolve(part))
        .filter(Files::isDirectory)
        .flatMap(The_tree::walk)
        .filter(file -> file.toString().endsWith(".java"));
  }

  private static List<String> linesOf(Stream<Path> files, Pattern pattern) {
    return files
        .flatMap(
            file ->
                lines(file).stream()
                    .filter(line -> pattern.matcher(line).find())
                    .map(line -> name(file) + ": " + line.strip()))
        .collect(Collectors.toList());
  }

  private static Stream<Path> walk(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path file) {
    return text(file).lines().toList();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path file) {
    return ROOT.relativize(file).toString();
  }

  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    return Files.exists(directory.resolve("ARCHITECTURE.md")) ? directory : directory.getParent();
  }
}
