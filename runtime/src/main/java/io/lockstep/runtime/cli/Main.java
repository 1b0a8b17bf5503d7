package io.lockstep.runtime.cli;

import io.lockstep.runtime.node.Node;

/** Where the program starts. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(
        LockstepCommand.assemble(Node::start, new ThisProgram(Main.class)).execute(arguments));
  }
}
