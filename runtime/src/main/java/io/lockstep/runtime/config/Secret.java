package io.lockstep.runtime.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where a secret is to be had. The secret itself is read when it is needed and never printed. */
public record Secret(Optional<Path> file, Optional<String> environment) {
  public static final Secret NONE = new Secret(Optional.empty(), Optional.empty());

  static Secret from(Optional<Path> file, Optional<String> environment) {
    if (file.isPresent() && environment.isPresent()) {
      throw new ConfigException("a secret comes from a file or from the environment, not both");
    }
    return new Secret(file, environment);
  }

  /**
   * The first line of the file, or the variable's value; empty where neither is named.
   *
   * @throws ConfigException when the file or the variable is not there
   */
  public String read() {
    if (file.isPresent()) {
      try {
        return Files.readString(file.get()).lines().findFirst().orElse("");
      } catch (IOException e) {
        throw new ConfigException("the secret in " + file.get() + " cannot be read");
      }
    }
    return environment
        .map(
            name ->
                Optional.ofNullable(System.getenv(name))
                    .orElseThrow(() -> new ConfigException("the variable " + name + " is not set")))
        .orElse("");
  }
}
