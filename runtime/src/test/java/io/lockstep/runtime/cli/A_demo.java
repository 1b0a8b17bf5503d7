package io.lockstep.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.bus.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes and databases, without the stages between them. */
@Tag("live")
@DisplayNameGeneration(ReplaceUnderscores.class)
class A_demo {
  private static final int TRIES_MAX = 600;
  private static final long PAUSE_MS = 200;
  private static final int NODES = 2;

  private final Path folder;
  private final Path readyFile;
  private final int port;
  private final List<Process> processes = new ArrayList<>();

  A_demo(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.readyFile = folder.resolve("ready.json");
    this.port = FreePorts.block();
  }

  @AfterEach
  void end_what_a_failed_test_left() throws Exception {
    for (var process : processes) {
      process.destroy();
      process.waitFor(TRIES_MAX * PAUSE_MS, TimeUnit.MILLISECONDS);
    }
  }

  @Test
  void leaves_no_process_when_it_is_told_to_end() throws Exception {
    var demo = demo();
    var pids = pids(awaitReady(demo));
    assertEquals(2 * NODES, pids.size());
    assertTrue(pids.stream().allMatch(A_demo::alive), pids::toString);
    end(demo);
    assertTrue(pids.stream().noneMatch(A_demo::alive), pids::toString);
  }

  @Test
  void takes_its_nodes_and_databases_along_when_it_is_killed() throws Exception {
    var demo = demo();
    var pids = pids(awaitReady(demo));
    demo.destroyForcibly();
    await(() -> pids.stream().noneMatch(A_demo::alive));
  }

  @Test
  void lets_a_killed_node_be_started_by_hand_and_ends_it_as_well() throws Exception {
    var demo = demo();
    var first = awaitReady(demo).path("nodes").get(0);
    kill(first.path("pid").asLong());
    assertTrue(alive(first.path("databasePid").asLong()), "the database outlives its node");
    var config = first.path("config").asText();
    var byHand = start("node", "--config", config);
    var pidFile = Path.of(config).resolveSibling("database").resolve("mariadbd.pid");
    await(() -> !alive(first.path("databasePid").asLong()));
    await(() -> Files.exists(pidFile) && alive(pid(pidFile)));
    end(demo);
    assertFalse(byHand.isAlive());
    assertFalse(Files.exists(pidFile) && alive(pid(pidFile)));
  }

  @Test
  void starts_dead_nodes_again_when_asked() throws Exception {
    var demo = demo("--restart");
    var first = awaitReady(demo).path("nodes").get(0).path("pid").asLong();
    kill(first);
    await(() -> pidOf(0) != first && alive(pidOf(0)));
    assertNotEquals(first, pidOf(0));
    end(demo);
  }

  @Test
  void refuses_another_size_on_the_same_data() throws Exception {
    Files.createDirectories(folder.resolve("data").resolve("node1"));
    var demo = demo();
    assertTrue(demo.waitFor(1, TimeUnit.MINUTES));
    assertEquals(ExitCodes.REFUSED, demo.exitValue());
    assertTrue(Files.readString(folder.resolve("out.log")).contains("start it with --nodes 1"));
  }

  private Process demo(String... more) throws IOException {
    var arguments =
        new ArrayList<>(
            List.of("demo", "--nodes", "" + NODES, "--data", folder.resolve("data").toString()));
    arguments.addAll(List.of("--mysql-port", "" + port, "--http-port", "" + (port + 50)));
    arguments.addAll(List.of("--ready-file", readyFile.toString()));
    arguments.addAll(List.of(more));
    return start(arguments.toArray(String[]::new));
  }

  private Process start(String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(NodeWithoutStages.class.getName());
    command.addAll(List.of(arguments));
    var output = folder.resolve("out.log").toFile();
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output));
    builder.environment().put(ThisProgram.OPTIONS_VARIABLE, "-XX:TieredStopAtLevel=1");
    var process = builder.start();
    processes.add(process);
    return process;
  }

  private JsonNode awaitReady(Process demo) throws Exception {
    await(() -> Files.exists(readyFile) || !demo.isAlive());
    assertTrue(demo.isAlive(), () -> text(folder.resolve("out.log")));
    return new ObjectMapper().readTree(readyFile.toFile());
  }

  private static void end(Process demo) throws InterruptedException {
    demo.destroy();
    assertTrue(demo.waitFor(TRIES_MAX * PAUSE_MS, TimeUnit.MILLISECONDS));
  }

  private static List<Long> pids(JsonNode ready) {
    var pids = new ArrayList<Long>();
    for (var node : ready.path("nodes")) {
      pids.add(node.path("pid").asLong());
      pids.add(node.path("databasePid").asLong());
    }
    return pids;
  }

  private long pidOf(int node) {
    try {
      var nodes = new ObjectMapper().readTree(readyFile.toFile()).path("nodes");
      return nodes.get(node).path("pid").asLong();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long pid(Path file) {
    var text = text(file).strip();
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void kill(long pid) throws Exception {
    var process = ProcessHandle.of(pid).orElseThrow();
    process.destroyForcibly();
    process.onExit().get(1, TimeUnit.MINUTES);
  }

  private static boolean alive(long pid) {
    return pid > 0 && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int tries = 0; tries < TRIES_MAX && !condition.getAsBoolean(); tries++) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    }
    assertTrue(condition.getAsBoolean());
  }
}
