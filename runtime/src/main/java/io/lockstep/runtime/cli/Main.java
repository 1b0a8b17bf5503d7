package io.lockstep.runtime.cli;

import io.vertx.core.Future;

/** Where the program starts. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(
        LockstepCommand.assemble(
                config ->
                    Future.failedFuture(
                        new UnsupportedOperationException("this build has no stages yet")),
                new ThisProgram(Main.class))
            .execute(arguments));
  }
}
