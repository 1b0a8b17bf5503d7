package io.lockstep.runtime.cli;

import io.lockstep.runtime.node.Node;

/** Where the program starts. */
public final class Main {
  private static final String COMMON_POOL = "java.util.concurrent.ForkJoinPool.common.parallelism";

  private Main() {}

  public static void main(String[] arguments) {
    shareThreads();
    System.exit(
        LockstepCommand.assemble(Node::start, new ThisProgram(Main.class)).execute(arguments));
  }

  /**
   * On a machine with two processors the common pool has one thread, and then every asynchronous
   * step of a CompletableFuture, of which the log takes one for each entry, starts a thread of its
   * own (CompletableFuture, "All async methods without an explicit Executor argument").
   */
  private static void shareThreads() {
    boolean chosen = System.getProperty(COMMON_POOL) != null;
    if (!chosen && Runtime.getRuntime().availableProcessors() <= 2) {
      System.setProperty(COMMON_POOL, "2");
    }
  }
}
