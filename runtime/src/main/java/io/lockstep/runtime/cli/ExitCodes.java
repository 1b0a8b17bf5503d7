package io.lockstep.runtime.cli;

/** What the process answers to its caller. The same for all commands. */
final class ExitCodes {
  static final int DONE = 0;

  /** Nodes differ, or what was started ended by itself. */
  static final int FAILED = 1;

  /** Wrong usage, or a configuration that is refused. */
  static final int REFUSED = 2;

  /** A node, its database or the cluster could not be started or reached. */
  static final int UNAVAILABLE = 3;

  /** A defect of this program. */
  static final int DEFECT = 70;

  private ExitCodes() {}
}
