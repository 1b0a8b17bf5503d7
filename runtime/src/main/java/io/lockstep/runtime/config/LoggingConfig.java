package io.lockstep.runtime.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where this node's messages go.
 *
 * @param file the log file; absent for the console
 * @param configFile a logback configuration of the operator's instead of the built-in one
 */
public record LoggingConfig(Optional<Path> file, Optional<Path> configFile) {
  public static final LoggingConfig DEFAULT = new LoggingConfig(Optional.empty(), Optional.empty());

  static LoggingConfig read(ConfigSection section) {
    return new LoggingConfig(section.optionalPath("file"), section.optionalPath("config-file"));
  }
}
