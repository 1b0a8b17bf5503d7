package io.lockstep.runtime.database;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database that this node installs, starts, watches and stops. All of it runs on one worker
 * thread, so that a start, a restart and a stop never overlap.
 */
public final class OwnedDatabase implements NodeDatabase {
  /** Starts that may fail one after the other before the database counts as lost. */
  public static final int RESTARTS_MAX = 10;

  private static final Duration BACKOFF_FIRST = Duration.ofMillis(100);
  private static final Duration BACKOFF_MAX = Duration.ofSeconds(10);

  /** A server that ran this long was started successfully; only then is the count of failures 0. */
  private static final Duration STEADY_AFTER = Duration.ofSeconds(60);

  private static final Logger LOG = LoggerFactory.getLogger(OwnedDatabase.class);

  private final Vertx vertx;
  private final WorkerExecutor worker;
  private final Supplier<ServerBinaries> binaries;
  private final OwnedSettings settings;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final Promise<Void> stopped = Promise.promise();

  /** Written on the worker, read anywhere. */
  private volatile Optional<DatabaseProcess> running = Optional.empty();

  /** Touched on the worker only. */
  private int failures;

  /**
   * @param binaries where the programs are; may unpack them, so it is asked on the worker
   */
  public OwnedDatabase(Vertx vertx, Supplier<ServerBinaries> binaries, OwnedSettings settings) {
    this.vertx = vertx;
    this.binaries = binaries;
    this.settings = settings;
    this.worker =
        vertx.createSharedWorkerExecutor(
            "lockstep-database-" + settings.port(), 1, 1, TimeUnit.HOURS);
  }

  @Override
  public Future<DatabaseAccess> start(Listener listener) {
    return worker.executeBlocking(
        () -> {
          Files.createDirectories(settings.temporaryDir());
          new OrphanDatabase(settings.home()).end();
          installation(binaries.get()).ensure();
          launch(listener);
          return access();
        });
  }

  @Override
  public DatabaseAccess access() {
    return new DatabaseAccess(
        settings.host(),
        settings.port(),
        Optional.of(settings.socket()),
        Installation.USER,
        storedPassword());
  }

  @Override
  public OptionalLong pid() {
    return running.filter(DatabaseProcess::alive).stream()
        .mapToLong(DatabaseProcess::pid)
        .findFirst();
  }

  @Override
  public Future<Void> stop() {
    // Set at once: a start that is waiting on the worker then gives up.
    if (stopping.compareAndSet(false, true)) {
      worker
          .executeBlocking(
              () -> {
                running.ifPresent(DatabaseProcess::stop);
                return true;
              })
          .eventually(worker::close)
          .<Void>mapEmpty()
          .onComplete(stopped);
    }
    return stopped.future();
  }

  private void launch(Listener listener) {
    if (stopping.get()) {
      throw new DatabaseStartException("The node is stopping");
    }
    var process = DatabaseProcess.launch(command(binaries.get()), settings);
    running = Optional.of(process);
    try {
      process.awaitReady(stopping::get);
    } catch (DatabaseStartException e) {
      process.stop();
      throw e;
    }
    LOG.info("database ready: pid {}, port {}", process.pid(), settings.port());
    process.onExit(() -> onWorker(() -> exited(process, listener)));
    vertx.setTimer(STEADY_AFTER.toMillis(), fired -> onWorker(() -> steady(process)));
  }

  private void steady(DatabaseProcess process) {
    if (process.alive()) {
      failures = 0;
    }
  }

  private void exited(DatabaseProcess process, Listener listener) {
    if (stopping.get()) {
      return;
    }
    LOG.warn("the database ended: pid {}, exit code {}", process.pid(), process.exitCode());
    listener.down("the database process ended with exit code " + process.exitCode());
    restart(listener);
  }

  private void restart(Listener listener) {
    if (stopping.get()) {
      return;
    }
    failures++;
    try {
      new OrphanDatabase(settings.home()).end();
      launch(listener);
      listener.up(access());
    } catch (DatabaseStartException | UncheckedIOException e) {
      if (failures >= RESTARTS_MAX) {
        listener.failed(e);
        return;
      }
      var pause = backoff();
      LOG.warn("the database did not start (try {}), again in {}: {}", failures, pause, reason(e));
      vertx.setTimer(pause.toMillis(), fired -> onWorker(() -> restart(listener)));
    }
  }

  private static String reason(RuntimeException e) {
    return String.valueOf(e.getMessage());
  }

  private Duration backoff() {
    var doubled = BACKOFF_FIRST.multipliedBy(1L << Math.min(failures - 1, 16));
    return doubled.compareTo(BACKOFF_MAX) < 0 ? doubled : BACKOFF_MAX;
  }

  /** After the stop the worker is closed and nothing is left to do. */
  private void onWorker(Runnable work) {
    if (!stopping.get()) {
      worker
          .executeBlocking(
              () -> {
                work.run();
                return true;
              })
          .onFailure(bug -> LOG.error("watching the database failed", bug));
    }
  }

  private ServerCommand command(ServerBinaries found) {
    return new ServerCommand(found, settings, "root".equals(System.getProperty("user.name")));
  }

  private Installation installation(ServerBinaries found) {
    return new Installation(settings, command(found), new SecureRandom());
  }

  private String storedPassword() {
    try {
      return Files.readString(settings.passwordFile()).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + settings.passwordFile(), e);
    }
  }
}
