package io.lockstep.runtime.node;

import java.util.Optional;

/** The version of this software, as the jar's manifest has it. */
final class Version {
  private Version() {}

  static String current() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
