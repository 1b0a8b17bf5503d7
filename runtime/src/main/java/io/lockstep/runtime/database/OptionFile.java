package io.lockstep.runtime.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which options an operator's file sets, so that Lockstep's own sizes leave those alone. A file
 * that includes others counts as setting everything.
 */
final class OptionFile {
  private static final List<String> PREFIXES = List.of("loose_", "maximum_");
  private final Set<String> options;
  private final boolean includesOthers;

  private OptionFile(Set<String> options, boolean includesOthers) {
    this.options = options;
    this.includesOthers = includesOthers;
  }

  static OptionFile none() {
    return new OptionFile(Set.of(), false);
  }

  static OptionFile read(Path file) {
    try {
      var lines = Files.readAllLines(file).stream().map(String::strip).toList();
      return new OptionFile(
          lines.stream()
              .filter(line -> line.matches("[A-Za-z].*"))
              .map(OptionFile::option)
              .collect(Collectors.toSet()),
          lines.stream().anyMatch(line -> line.startsWith("!include")));
    } catch (IOException e) {
      throw new DatabaseStartException("The option file " + file + " cannot be read", e);
    }
  }

  /** Whether the file sets any of these, written with underscores. */
  boolean speaksOf(String... names) {
    return includesOthers || List.of(names).stream().anyMatch(options::contains);
  }

  /** As the server reads it: dashes are underscores, and prefixes change nothing about the name. */
  private static String option(String line) {
    var name = line.split("[=\\s#]", 2)[0].toLowerCase(Locale.ROOT).replace('-', '_');
    for (var prefix : PREFIXES) {
      if (name.startsWith(prefix)) {
        return name.substring(prefix.length());
      }
    }
    return name;
  }
}
