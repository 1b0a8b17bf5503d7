package io.lockstep.runtime.cli;

import io.lockstep.runtime.database.LogTail;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A cluster of processes on this machine, from its first start to its end. One thread starts and
 * watches; another, when the process is told to end, ends all. They meet in {@link #lock}.
 */
final class Demo {
  /** Includes the making of new databases on a machine that is busy. */
  static final Duration READY_WAIT_MAX = Duration.ofMinutes(4);

  private static final Duration POLL_PAUSE = Duration.ofMillis(250);
  private static final Duration PROBE_WAIT_MAX = Duration.ofSeconds(5);

  /** Between the end of a node and its next start, so that one that cannot start does not spin. */
  private static final Duration RESTART_PAUSE = Duration.ofSeconds(2);

  private final Object lock = new Object();
  private final List<DemoProcess> processes;
  private final ThisProgram program;
  private final PrintWriter messages;
  private final Duration readyWaitMax;
  private final BlockingQueue<DemoProcess> endedNodes = new LinkedBlockingQueue<>();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(PROBE_WAIT_MAX)
          .build();
  private boolean ending;

  /**
   * @param program what a node's process runs
   * @param messages told what a person should know
   * @param readyWaitMax for each node
   */
  Demo(DemoLayout layout, ThisProgram program, PrintWriter messages, Duration readyWaitMax) {
    this.program = program;
    this.processes = layout.nodes().stream().map(node -> new DemoProcess(node, program)).toList();
    this.messages = messages;
    this.readyWaitMax = readyWaitMax;
  }

  /** Refuses to start beside nodes of the same folder, and clears away what killed ones left. */
  void requireAlone() {
    for (var process : processes) {
      process
          .running()
          .ifPresent(
              other -> {
                throw new CommandFailure(
                    ExitCodes.REFUSED,
                    "Node %s is running already: pid %d"
                        .formatted(process.node().name(), other.pid()));
              });
      process.awaitEnd();
    }
  }

  /**
   * Starts all nodes and returns when each serves.
   *
   * @throws CommandFailure with the end of a node's log, when one does not come up in time
   */
  ReadyReport start() throws InterruptedException {
    processes.forEach(this::startUnlessEnding);
    for (var process : processes) {
      awaitReady(process);
    }
    return new ReadyReport(processes);
  }

  private void startUnlessEnding(DemoProcess process) {
    synchronized (lock) {
      if (!ending) {
        process.start(endedNodes::add);
      }
    }
  }

  private void awaitReady(DemoProcess process) throws InterruptedException {
    var triesMax = readyWaitMax.dividedBy(POLL_PAUSE);
    for (long tries = 0; tries < triesMax; tries++) {
      if (!process.childAlive()) {
        throw notReady(process, "ended with exit code " + process.exitCode());
      }
      if (ready(process.node())) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_PAUSE.toMillis());
    }
    throw notReady(process, "does not serve after " + readyWaitMax);
  }

  private boolean ready(DemoNode node) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.httpPort() + "/readyz"))
            .timeout(PROBE_WAIT_MAX)
            .build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static CommandFailure notReady(DemoProcess process, String what) {
    var node = process.node();
    var log = Files.exists(node.log()) ? node.log() : node.output();
    return new CommandFailure(
        ExitCodes.UNAVAILABLE,
        "Node %s %s. The end of %s:%n%s".formatted(node.name(), what, log, LogTail.of(log)));
  }

  /**
   * Reports nodes that end, and starts them again if {@code restart}, until {@link #end} is called.
   *
   * @param onChange called after a node was started again
   */
  void watch(boolean restart, Runnable onChange) throws InterruptedException {
    while (!ended()) {
      var process = endedNodes.take();
      if (ended()) {
        return;
      }
      var node = process.node();
      say("Node %s ended with exit code %d.".formatted(node.name(), process.exitCode()));
      if (!restart) {
        say("Start it again with:  " + program.nodeByHand(node.config()));
        continue;
      }
      TimeUnit.MILLISECONDS.sleep(RESTART_PAUSE.toMillis());
      if (process.running().isPresent()) {
        say("Somebody has started node " + node.name() + " again.");
        continue;
      }
      startUnlessEnding(process);
      say("Started node " + node.name() + " again: pid " + process.pid().orElse(0));
      onChange.run();
    }
  }

  private boolean ended() {
    synchronized (lock) {
      return ending;
    }
  }

  /** Ends every node and every database, those started by hand included. May be called twice. */
  void end() {
    synchronized (lock) {
      ending = true;
      processes.forEach(DemoProcess::askToEnd);
      processes.forEach(DemoProcess::awaitEnd);
    }
  }

  /** Of the processes that it started itself and has ended since. */
  List<Integer> exitCodes() throws InterruptedException {
    var codes = new ArrayList<Integer>();
    for (var process : processes) {
      codes.add(process.awaitExitCode());
    }
    return codes;
  }

  private void say(String message) {
    messages.println(message);
    messages.flush();
  }
}
