package io.lockstep.chaos.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster started by {@code demo}, whose nodes can be killed and started again one by one. Used
 * from one thread. Owns every process that it started and ends them all in {@link #close()}.
 */
final class LiveCluster implements AutoCloseable {
  private static final Duration START_WITHIN = Duration.ofMinutes(4);
  private static final Duration READY_WITHIN = Duration.ofMinutes(3);
  private static final Duration STOP_WITHIN = Duration.ofMinutes(1);
  private static final Duration AWAKE_AFTER = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Jar jar;
  private final Path directory;
  private final Process demo;
  private final Map<String, NodeProcess> nodes = new LinkedHashMap<>();
  private final Map<String, Process> restarted = new LinkedHashMap<>();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final ObjectMapper json = new ObjectMapper();

  private LiveCluster(Jar jar, Path directory, Process demo) {
    this.jar = jar;
    this.directory = directory;
    this.demo = demo;
  }

  /** Starts {@code count} nodes on ports from the given ones and waits until every node serves. */
  static LiveCluster start(
      Jar jar, Path directory, int count, int mysqlPort, int httpPort, List<String> more) {
    Path ready = directory.resolve("ready.json");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "demo",
                "--nodes",
                Integer.toString(count),
                "--data",
                directory.resolve("data").toString(),
                "--mysql-port",
                Integer.toString(mysqlPort),
                "--http-port",
                Integer.toString(httpPort),
                "--ready-file",
                ready.toString()));
    arguments.addAll(more);
    try {
      Files.createDirectories(directory);
      Files.deleteIfExists(ready);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Process demo = jar.start(directory.resolve("demo.log"), arguments.toArray(String[]::new));
    LiveCluster cluster = new LiveCluster(jar, directory, demo);
    try {
      cluster.awaitReadyFile(ready);
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private void awaitReadyFile(Path ready) {
    Waiting.until(
        "the demo to be ready, see " + directory.resolve("demo.log"),
        START_WITHIN,
        PAUSE,
        () -> {
          if (!demo.isAlive()) {
            throw new IllegalStateException("the demo ended, see " + directory + "/demo.log");
          }
          return Files.exists(ready);
        });
    try {
      for (JsonNode node : json.readTree(ready.toFile()).get("nodes")) {
        nodes.put(
            node.get("node").asText(),
            new NodeProcess(
                node.get("node").asText(),
                node.get("pid").asLong(),
                node.get("databasePid").asLong(),
                node.get("mysqlPort").asInt(),
                node.get("httpPort").asInt(),
                node.get("databasePort").asInt(),
                node.get("config").asText()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<NodeProcess> nodes() {
    return List.copyOf(nodes.values());
  }

  NodeProcess node(String name) {
    return Optional.ofNullable(nodes.get(name)).orElseThrow();
  }

  /** The node that stamps now, as the first node that answers says. */
  Optional<String> sequencer() {
    for (NodeProcess node : nodes.values()) {
      Optional<JsonNode> status = get(node, "/v1/status");
      if (status.isPresent()) {
        for (JsonNode one : status.get().path("nodes")) {
          if ("leading".equals(one.path("role").asText())) {
            return Optional.of(one.path("node").asText());
          }
        }
      }
    }
    return Optional.empty();
  }

  boolean isReady(NodeProcess node) {
    return status(node, "/readyz") == 200;
  }

  /** Ends the process as a power cut would: SIGKILL. Its database may live on as an orphan. */
  void killNode(String name) {
    kill(node(name).pid());
  }

  void killDatabase(String name) {
    databasePid(node(name)).ifPresent(LiveCluster::kill);
  }

  /** The whole machine stands still, as it seems to the others: SIGSTOP for node and database. */
  void hang(String name) {
    signal("STOP", name);
  }

  /**
   * After {@link #hang}. The node has missed what happened meanwhile and does not know it yet: for
   * a moment it calls itself ready.
   */
  void goOn(String name) {
    signal("CONT", name);
    Waiting.sleep(AWAKE_AFTER);
  }

  private void signal(String signal, String name) {
    List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
    command.add(Long.toString(node(name).pid()));
    databasePid(node(name)).map(pid -> Long.toString(pid)).ifPresent(command::add);
    try {
      int ended = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (ended != 0) {
        throw new IllegalStateException(String.join(" ", command) + " ended with " + ended);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw Waiting.interrupted(e);
    }
  }

  /** The pid of the database, which changes when the node restarts it. */
  private Optional<Long> databasePid(NodeProcess node) {
    Path pidFile = Path.of(node.config()).resolveSibling("database").resolve("mariadbd.pid");
    try {
      return Files.exists(pidFile)
          ? Optional.of(Long.parseLong(Files.readString(pidFile).strip()))
          : Optional.of(node.databasePid());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** Starts a killed node again by hand, as its operator would. */
  void startNode(String name) {
    NodeProcess node = node(name);
    Process process =
        jar.start(directory.resolve(name + ".restart.log"), "node", "--config", node.config());
    restarted.put(name, process);
    nodes.put(name, node.withPids(process.pid(), node.databasePid()));
  }

  void awaitReady(String name) {
    Waiting.until(
        name + " to be ready, see " + directory, READY_WITHIN, PAUSE, () -> isReady(node(name)));
  }

  /** Runs {@code verify}; 0 means that all nodes hold the same. */
  int verify() throws InterruptedException {
    return jar.run(
        directory.resolve("verify.log"),
        "verify",
        "--url",
        "http://127.0.0.1:" + nodes().get(0).httpPort());
  }

  private Optional<JsonNode> get(NodeProcess node, String path) {
    try {
      HttpResponse<String> response = http.send(request(node, path), text());
      return response.statusCode() == 200
          ? Optional.of(json.readTree(response.body()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw Waiting.interrupted(e);
    }
  }

  private int status(NodeProcess node, String path) {
    try {
      return http.send(request(node, path), text()).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      throw Waiting.interrupted(e);
    }
  }

  private static HttpResponse.BodyHandler<String> text() {
    return HttpResponse.BodyHandlers.ofString();
  }

  private static HttpRequest request(NodeProcess node, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.httpPort() + path))
        .timeout(Duration.ofSeconds(3))
        .header("Authorization", "Basic cm9vdDo=")
        .build();
  }

  @Override
  public void close() {
    restarted.values().forEach(Process::destroy);
    demo.destroy();
    Waiting.quietly(STOP_WITHIN, PAUSE, () -> !demo.isAlive());
    Waiting.quietly(
        STOP_WITHIN, PAUSE, () -> restarted.values().stream().noneMatch(Process::isAlive));
    restarted.values().forEach(Process::destroyForcibly);
    demo.descendants().forEach(ProcessHandle::destroyForcibly);
    demo.destroyForcibly();
  }
}
