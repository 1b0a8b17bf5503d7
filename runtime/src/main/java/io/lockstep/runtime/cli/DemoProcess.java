package io.lockstep.runtime.cli;

import io.lockstep.runtime.database.OrphanDatabase;
import io.lockstep.runtime.database.ProcessArguments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A node of a demo as a process: started by the demo, or by hand after the demo's own was killed.
 * Not thread-safe: {@link Demo} calls it under its lock.
 */
final class DemoProcess {
  /** A little more than a node gives itself to stop. */
  static final Duration STOP_WAIT_MAX = NodeCommand.STOP_WAIT_MAX.plusSeconds(10);

  private final DemoNode node;
  private final ThisProgram program;
  private Optional<Process> child = Optional.empty();

  DemoProcess(DemoNode node, ThisProgram program) {
    this.node = node;
    this.program = program;
  }

  DemoNode node() {
    return node;
  }

  /**
   * Starts the node. The open input stream ties it to this process: when this process ends, however
   * it ends, the node sees the end of the stream and ends as well.
   */
  void start(Consumer<DemoProcess> onEnd) {
    try {
      var command = new ArrayList<>(program.node(node.config()));
      command.add("--end-with-stdin");
      var process =
          new ProcessBuilder(command)
              .directory(node.home().toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(node.output().toFile()))
              .start();
      child = Optional.of(process);
      process.onExit().thenRun(() -> onEnd.accept(this));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start " + node.name(), e);
    }
  }

  boolean childAlive() {
    return child.filter(Process::isAlive).isPresent();
  }

  /** Of the child that has ended. */
  int exitCode() {
    return child.map(Process::exitValue).orElse(0);
  }

  /** Of the child that is about to end. */
  int awaitExitCode() throws InterruptedException {
    return child.isPresent() ? child.get().waitFor() : 0;
  }

  OptionalLong pid() {
    return running().map(handle -> OptionalLong.of(handle.pid())).orElse(OptionalLong.empty());
  }

  OptionalLong databasePid() {
    return new OrphanDatabase(node.databaseHome())
        .find()
        .map(handle -> OptionalLong.of(handle.pid()))
        .orElse(OptionalLong.empty());
  }

  /** The child, or a node that somebody started on the same configuration. */
  Optional<ProcessHandle> running() {
    return child.filter(Process::isAlive).map(Process::toHandle).or(this::startedByHand);
  }

  private Optional<ProcessHandle> startedByHand() {
    try {
      var text = Files.exists(node.pidFile()) ? Files.readString(node.pidFile()).strip() : "";
      return text.matches("\\d{1,10}")
          ? ProcessHandle.of(Long.parseLong(text)).filter(DemoProcess::runsNode)
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + node.pidFile(), e);
    }
  }

  /** A pid may by now belong to somebody else's process, so its command line has to be a node's. */
  private static boolean runsNode(ProcessHandle handle) {
    return ProcessArguments.of(handle).containsAll(List.of("node", "--config"));
  }

  void askToEnd() {
    running().ifPresent(ProcessHandle::destroy);
  }

  /** Waits for the end of the node, kills it past its time, and ends a database it left behind. */
  void awaitEnd() {
    running().ifPresent(DemoProcess::awaitEnd);
    new OrphanDatabase(node.databaseHome()).end();
  }

  private static void awaitEnd(ProcessHandle handle) {
    try {
      handle.onExit().get(STOP_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException tooLong) {
      handle.destroyForcibly();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot watch the process " + handle.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      handle.destroyForcibly();
    }
  }
}
