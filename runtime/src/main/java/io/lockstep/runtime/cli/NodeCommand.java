package io.lockstep.runtime.cli;

import io.lockstep.runtime.NodeRunner;
import io.lockstep.runtime.NodeRunner.Running;
import io.lockstep.runtime.config.NodeConfig;
import io.lockstep.runtime.config.NodeConfigFile;
import io.lockstep.runtime.database.OrphanDatabase;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs one node until the process is told to end (SIGTERM, Ctrl-C) or the node stops itself. The
 * calling thread waits; everything else happens on the node's own threads.
 */
@Command(name = "node", description = "Run one node.")
final class NodeCommand implements Callable<Integer> {
  /** Longer than a database takes to be asked and then killed. */
  static final Duration STOP_WAIT_MAX = Duration.ofSeconds(90);

  /** A start that does not finish within this is given up when the process is told to end. */
  private static final Duration START_GRACE = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(NodeCommand.class);

  private final NodeRunner runner;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "The node's configuration; conf/node.yaml explains every key.")
  private Path file = Path.of("node.yaml");

  /** For a parent that must not leave nodes behind, however it ends. */
  @Option(names = "--end-with-stdin", hidden = true)
  private boolean endWithStdin;

  NodeCommand(NodeRunner runner) {
    this.runner = runner;
  }

  @Override
  public Integer call() throws InterruptedException {
    var config = NodeConfigFile.load(file);
    NodeLogging.apply(config.logging());
    var held =
        FolderLock.take(config.data(), "node")
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCodes.REFUSED, "A node is running in " + config.data() + " already"));
    try (held) {
      return run(config);
    } catch (IOException e) {
      throw new CommandFailure(ExitCodes.FAILED, "Cannot leave " + config.data(), e);
    }
  }

  private Integer run(NodeConfig config) throws InterruptedException {
    if (endWithStdin) {
      watchStdin();
    }
    LOG.info("node {} starts, version {}", config.node(), VersionCommand.version());
    var starting = runner.start(config);
    // A signal during the start ends what has been started by then.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(config, starting), "lockstep-stop"));
    await(starting);
    if (starting.failed()) {
      LOG.error("node {} did not start", config.node(), starting.cause());
      throw new CommandFailure(
          ExitCodes.UNAVAILABLE,
          "Node " + config.node() + " did not start: " + starting.cause().getMessage(),
          starting.cause());
    }
    LOG.info("node {} is up", config.node());
    var ended = starting.result().ended();
    await(ended);
    if (ended.failed()) {
      LOG.error("node {} stopped itself", config.node(), ended.cause());
      throw new CommandFailure(
          ExitCodes.FAILED,
          "Node " + config.node() + " stopped itself: " + ended.cause().getMessage(),
          ended.cause());
    }
    return ExitCodes.DONE;
  }

  private static void stop(NodeConfig config, Future<Running> starting) {
    try {
      if (!finishes(starting, START_GRACE)) {
        LOG.warn("told to end during the start");
      } else if (starting.succeeded()) {
        var stopped = starting.result().stop();
        if (!finishes(stopped, STOP_WAIT_MAX)) {
          LOG.error("the node did not stop within {}", STOP_WAIT_MAX);
        } else if (stopped.failed()) {
          LOG.error("the node did not stop in good order", stopped.cause());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // Whatever went before: no database outlives a node that was told to end.
    config.database().fold(owned -> endDatabase(config), external -> false);
  }

  private static boolean endDatabase(NodeConfig config) {
    return new OrphanDatabase(config.databaseDirectory()).end();
  }

  /** The parent holds the other end and never writes: the end of the stream is its own end. */
  private static void watchStdin() {
    var watcher =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // Nothing is said on this line; only its end counts.
                }
              } catch (IOException broken) {
                LOG.warn("the line to the parent process broke", broken);
              }
              LOG.info("the parent process has ended");
              System.exit(ExitCodes.DONE);
            },
            "lockstep-parent-watch");
    watcher.setDaemon(true);
    watcher.start();
  }

  private static void await(Future<?> future) throws InterruptedException {
    var done = new CountDownLatch(1);
    future.onComplete(result -> done.countDown());
    done.await();
  }

  private static boolean finishes(Future<?> future, Duration wait) throws InterruptedException {
    var done = new CountDownLatch(1);
    future.onComplete(result -> done.countDown());
    return done.await(wait.toMillis(), TimeUnit.MILLISECONDS);
  }
}
