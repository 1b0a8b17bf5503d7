package io.lockstep.runtime.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One run of the server program, from its start to its exit. Its methods block. */
final class DatabaseProcess {
  /** Recovery after a kill reads the whole redo log; a large one takes minutes. */
  static final Duration READY_WAIT_MAX = Duration.ofMinutes(10);

  static final Duration STOP_WAIT_MAX = Duration.ofSeconds(30);
  private static final Duration PROBE_PAUSE = Duration.ofMillis(20);
  private static final int PROBE_TIMEOUT_MS = 2_000;

  /** The version byte that opens the server's greeting (Protocol::HandshakeV10). */
  private static final int GREETING = 10;

  private final Process process;
  private final OwnedSettings settings;

  private DatabaseProcess(Process process, OwnedSettings settings) {
    this.process = process;
    this.settings = settings;
  }

  static DatabaseProcess launch(ServerCommand command, OwnedSettings settings) {
    try {
      var builder =
          new ProcessBuilder(command.start())
              .directory(settings.home().toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(settings.logFile().toFile()));
      // Settings of the operator's shell for other servers and clients.
      builder.environment().keySet().removeIf(name -> name.startsWith("MYSQL_"));
      var process = builder.start();
      process.getOutputStream().close();
      return new DatabaseProcess(process, settings);
    } catch (IOException e) {
      throw new UncheckedIOException("The database server cannot be started", e);
    }
  }

  /**
   * Returns when the server greets a connection.
   *
   * @param givenUp asked between two tries; the wait ends early when it answers yes
   * @throws DatabaseStartException when the process ends first, or the wait is over
   */
  void awaitReady(BooleanSupplier givenUp) {
    var triesMax = READY_WAIT_MAX.dividedBy(PROBE_PAUSE);
    for (long tries = 0; tries < triesMax && !givenUp.getAsBoolean(); tries++) {
      if (greets()) {
        return;
      }
      if (endsWithin(PROBE_PAUSE)) {
        throw new DatabaseStartException(
            "The database server ended at its start with exit code %d, see %s:%n%s"
                .formatted(
                    process.exitValue(), settings.logFile(), LogTail.of(settings.logFile())));
      }
    }
    throw new DatabaseStartException(
        "The database server was not ready within its time, see " + settings.logFile());
  }

  private boolean greets() {
    try (var socket = new Socket()) {
      var address = new InetSocketAddress(settings.host(), settings.port());
      socket.connect(address, PROBE_TIMEOUT_MS);
      socket.setSoTimeout(PROBE_TIMEOUT_MS);
      // Header of a packet: three bytes of length, one of sequence; then the version.
      var start = socket.getInputStream().readNBytes(5);
      return start.length == 5 && start[4] == GREETING;
    } catch (IOException notYet) {
      return false;
    }
  }

  void onExit(Runnable action) {
    process.onExit().thenRun(action);
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Of a process that has ended. */
  int exitCode() {
    return process.exitValue();
  }

  /** Asks the process to end, and kills it when it takes longer than {@link #STOP_WAIT_MAX}. */
  void stop() {
    process.destroy();
    if (!endsWithin(STOP_WAIT_MAX)) {
      process.destroyForcibly();
      endsWithin(STOP_WAIT_MAX);
    }
  }

  private boolean endsWithin(Duration wait) {
    try {
      return process.waitFor(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new DatabaseStartException("Interrupted while waiting for the database server", e);
    }
  }
}
