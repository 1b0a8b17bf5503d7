package io.lockstep.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.lockstep.bus.FreePorts;
import io.lockstep.runtime.NodeRunner;
import io.lockstep.runtime.config.NodeConfig;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class The_command_line {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "demo --help",
        "node --help",
        "status --help",
        "verify --help",
        "class-archive --help",
        "version --help"
      })
  void helps_everywhere_and_documents_its_exit_codes(String line) {
    assertEquals(0, execute(line.split(" ")));
    assertTrue(out.toString().contains("Exit codes:"), out::toString);
    assertTrue(out.toString().contains("--verbose"), out::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                           | 2 | Name a command",
        "dmeo                       | 2 | demo",
        "demo --nodes 0             | 2 | --nodes must be 1 to 9, was 0",
        "demo --nodes many          | 2 | --nodes",
        "demo --mysql-port 65530    | 2 | --mysql-port must leave 50 ports above it",
        "node                       | 2 | --config",
        "node --config /nowhere     | 2 | /nowhere cannot be read: there is no such file",
        "status --url nonsense      | 2 | --url must be like http://127.0.0.1:8480",
        "status --password-file /no | 2 | the secret in /no cannot be read",
        "class-archive              | 2 | Only classes of a jar can be archived",
        "demo --mariadbd /no/such   | 3 | There is no program at /no/such",
      })
  void refuses_with_a_reason_and_without_a_stack_trace(String line, int code, String reason)
      throws IOException {
    var folder = Files.createTempDirectory("lockstep").resolve("data");
    var words = line == null ? new String[0] : line.split(" ");
    var more =
        line != null && line.startsWith("demo --")
            ? List.of("--data", "" + folder)
            : List.<String>of();
    assertEquals(code, execute(concat(words, more)), err::toString);
    assertTrue(err.toString().contains(reason), err::toString);
    assertFalse(err.toString().contains("\tat "), err::toString);
    assertFalse(Files.exists(folder), "it has left " + folder);
  }

  @Test
  void shows_the_stack_trace_when_asked() {
    assertEquals(2, execute("node", "--config", "/nowhere", "--verbose"));
    assertTrue(err.toString().contains("\tat "), err::toString);
  }

  @Test
  void says_that_nobody_answers() throws IOException {
    assertEquals(3, execute("status", "--url", "http://127.0.0.1:" + freePort()));
    assertTrue(err.toString().contains("No node answers at"), err::toString);
  }

  @Test
  void prints_its_version_for_people_and_programs() {
    assertEquals(0, execute("version"));
    assertTrue(out.toString().startsWith("lockstep "), out::toString);
    assertEquals(0, execute("version", "--json"));
    assertTrue(out.toString().contains("{\"version\":"), out::toString);
  }

  @Test
  void shows_the_cluster_as_a_table() throws IOException {
    var body =
        """
        {"node":"n1","sequencer":"n1","term":3,"lastSeq":17,"nodes":[
         {"node":"n1","role":"leading","serving":true,"appliedSeq":17,"lag":0,"sessions":2,
          "load":{"cpu":0.25},"mysql":"127.0.0.1:4406","http":"127.0.0.1:8480","reasons":[]},
         {"node":"n2","role":"unknown","serving":false,"reasons":["not heard for 3 s"]}]}
        """;
    assertEquals(0, against("/v1/status", 200, body, "status"));
    assertTrue(out.toString().contains("Sequencer n1, term 3, last seq 17"), out::toString);
    assertTrue(out.toString().contains("25 %"), out::toString);
    assertTrue(out.toString().contains("n2 does not serve: not heard for 3 s"), out::toString);
  }

  @Test
  void exits_with_0_when_all_nodes_hold_the_same() throws IOException {
    var body =
        "{\"identical\":true,\"nodes\":[{\"node\":\"n1\",\"seq\":9}],\"missing\":[],"
            + "\"checked\":12,\"differences\":[]}";
    assertEquals(0, against("/v1/verify", 200, body, "verify"));
    assertTrue(out.toString().contains("All nodes hold the same: 12 tables"), out::toString);
  }

  @Test
  void exits_with_1_when_nodes_differ() throws IOException {
    var body =
        "{\"identical\":false,\"nodes\":[{\"node\":\"n1\",\"seq\":9},{\"node\":\"n2\",\"seq\":9}],"
            + "\"missing\":[\"n3\"],\"checked\":12,\"differences\":[{\"object\":\"table app.t\","
            + "\"checksums\":{\"n1\":\"aa\",\"n2\":\"bb\"}}]}";
    assertEquals(1, against("/v1/verify", 200, body, "verify"));
    assertTrue(out.toString().contains("DIFFERENT: 1 of 12."), out::toString);
    assertTrue(out.toString().contains("n3 did not report"), out::toString);
    assertTrue(out.toString().contains("table app.t"), out::toString);
  }

  @Test
  void does_not_call_nodes_different_of_which_one_did_not_report() throws IOException {
    var body =
        "{\"identical\":false,\"nodes\":[{\"node\":\"n1\",\"seq\":9}],\"missing\":[\"n2\"],"
            + "\"checked\":12,\"differences\":[]}";
    assertEquals(1, against("/v1/verify", 200, body, "verify"));
    assertTrue(out.toString().contains("n2 did not report"), out::toString);
    assertTrue(out.toString().contains("INCOMPLETE"), out::toString);
    assertFalse(out.toString().contains("DIFFERENT"), out::toString);
  }

  @Test
  void shows_why_a_node_refused() throws IOException {
    var body = "{\"title\":\"Access denied\",\"detail\":\"for 'root'@'localhost'\"}";
    assertEquals(3, against("/v1/status", 401, body, "status"));
    assertTrue(
        err.toString().contains("401: Access denied: for 'root'@'localhost'"), err::toString);
  }

  @Test
  void names_the_reason_of_a_node_that_did_not_start(@TempDir Path folder) throws IOException {
    var file =
        Files.writeString(
            folder.resolve("node.yaml"),
            """
            node: n1
            data: data
            cluster: {members: [{node: n1, host: h}]}
            logging: {file: node.log}
            """);
    assertEquals(3, execute("node", "--config", file.toString()));
    assertTrue(err.toString().contains("Node n1 did not start: no luck today"), err::toString);
  }

  @Test
  void names_every_port_that_is_taken(@TempDir Path folder) throws IOException {
    var free = FreePorts.block();
    var layout = new DemoLayout(folder, 1, free, free + 50);
    try (var taken = new ServerSocket(free + 50, 1, InetAddress.getLoopbackAddress())) {
      assertTrue(taken.isBound());
      var refusal = assertThrows(CommandFailure.class, () -> PortCheck.requireFree(layout.nodes()));
      assertTrue(refusal.toString().contains(free + 50 + " (HTTP of n1)"), refusal.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4406, 4408, 4434, 4436, 4446, 4448})
  void takes_no_http_port_that_the_nodes_need_themselves(int http, @TempDir Path folder) {
    var refusal = assertThrows(CommandFailure.class, () -> new DemoLayout(folder, 3, 4406, http));
    assertTrue(refusal.toString().contains("below 4406 or above 4455"), refusal.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {4403, 4409, 4419, 4449, 8480})
  void takes_any_other_http_port(int http, @TempDir Path folder) {
    assertEquals(3, new DemoLayout(folder, 3, 4406, http).nodes().size());
  }

  private int against(String path, int status, String body, String command) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    server.createContext(
        path,
        exchange -> {
          var expected =
              "Basic "
                  + Base64.getEncoder().encodeToString("root:".getBytes(StandardCharsets.UTF_8));
          var signedIn =
              List.of(expected).equals(exchange.getRequestHeaders().get("Authorization"));
          var bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(signedIn ? status : 500, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      return execute(command, "--url", "http://127.0.0.1:" + server.getAddress().getPort());
    } finally {
      server.stop(0);
    }
  }

  private int execute(String... arguments) {
    return LockstepCommand.assemble(The_command_line::unlucky, new ThisProgram(Main.class))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private static Future<NodeRunner.Running> unlucky(NodeConfig config) {
    return Future.failedFuture("no luck today");
  }

  private static String[] concat(String[] words, List<String> more) {
    var all = new ArrayList<>(List.of(words));
    all.addAll(more);
    return all.toArray(String[]::new);
  }

  private static int freePort() throws IOException {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }
}
