package io.lockstep.http;

import static io.lockstep.http.Gateway.N1;
import static io.lockstep.http.Gateway.N2;
import static io.lockstep.http.Gateway.N3;
import static io.lockstep.http.Rows.UTF8;
import static io.lockstep.http.Rows.column;
import static io.lockstep.http.Rows.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.load.DigestAt;
import io.lockstep.load.Standing;
import io.lockstep.model.Bytes;
import io.lockstep.model.CheckpointReport;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AdministrationTest {
  private final Gateway gateway = Gateway.open();

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void the_routes_and_the_document_agree_both_ways() {
    Set<String> routes = new TreeSet<>();
    for (Route route : gateway.router.getRoutes()) {
      if (route.methods() != null && route.getPath() != null) {
        route.methods().forEach(method -> routes.add(method.name() + " " + route.getPath()));
      }
    }
    JsonObject paths = new JsonObject(gateway.get("/openapi.json").body()).getJsonObject("paths");
    Set<String> documented = new TreeSet<>();
    for (String path : paths.fieldNames()) {
      paths
          .getJsonObject(path)
          .fieldNames()
          .forEach(
              method -> documented.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path));
    }
    assertEquals(documented, routes);
  }

  @Test
  void every_problem_type_is_documented() {
    JsonArray types =
        new JsonObject(gateway.get("/openapi.json").body())
            .getJsonObject("components")
            .getJsonObject("schemas")
            .getJsonObject("Problem")
            .getJsonObject("properties")
            .getJsonObject("type")
            .getJsonArray("enum");
    JsonArray known = new JsonArray();
    for (ProblemType type : ProblemType.values()) {
      known.add(type.uri());
    }
    assertEquals(known, types);
  }

  @Test
  void health_readiness_and_metrics_are_open_to_all() {
    for (String path : List.of("/healthz", "/readyz", "/metrics", "/openapi.json")) {
      assertEquals(200, gateway.send(gateway.anonymous(path).GET()).statusCode(), path);
    }
  }

  @Test
  void a_node_that_is_not_ready_lists_its_reasons() {
    gateway.standing = new Standing(true, List.of("no quorum"));
    HttpResponse<String> answer = gateway.get("/readyz");
    assertEquals(503, answer.statusCode());
    assertEquals(
        new JsonObject(
            "{\"status\":\"not-ready\",\"reasons\":[\"no quorum\",\"the node is draining\"]}"),
        new JsonObject(answer.body()));
    assertEquals(200, gateway.get("/healthz").statusCode());
  }

  @Test
  void requests_are_counted_by_route_and_status() {
    gateway.get("/healthz");
    gateway.get("/nowhere/at/all");
    String metrics = gateway.get("/metrics").body();
    assertTrue(
        metrics.contains("lockstep_http_requests_seconds_count{route=\"/healthz\",status=\"200\"}"),
        metrics);
    assertFalse(metrics.contains("nowhere"), metrics);
  }

  @Test
  void the_status_shows_every_node_and_why_masters_were_chosen() {
    gateway.hearsThreeNodes();
    gateway.chooser.choose();
    JsonObject status = new JsonObject(gateway.get("/v1/status").body());
    assertEquals("n2", status.getString("sequencer"));
    assertEquals(3, status.getInteger("term"));
    assertEquals(100, status.getInteger("lastSeq"));
    JsonObject second = status.getJsonArray("nodes").getJsonObject(1);
    assertEquals("leading", second.getString("role"));
    assertEquals(99, second.getInteger("appliedSeq"));
    assertEquals(1, second.getInteger("lag"));
    assertEquals(0.25, second.getJsonObject("load").getDouble("cpu"));
    JsonObject choice = status.getJsonArray("choices").getJsonObject(0);
    assertEquals("n1", choice.getString("master"));
    assertEquals(3, choice.getJsonArray("considered").size());
  }

  @Test
  void a_configured_node_that_is_silent_is_shown_as_such() {
    gateway.heard(N1, List.of());
    JsonArray nodes = new JsonObject(gateway.get("/v1/status").body()).getJsonArray("nodes");
    assertEquals(3, nodes.size());
    assertFalse(nodes.getJsonObject(2).getBoolean("heard"));
    assertEquals("unknown", nodes.getJsonObject(2).getString("role"));
  }

  @Test
  void a_node_that_differs_from_the_majority_is_suspected_in_the_status() {
    gateway.heard(N1, List.of(new DigestAt(new Seq(9), 1)));
    gateway.heard(N2, List.of(new DigestAt(new Seq(9), 1)));
    gateway.heard(N3, List.of(new DigestAt(new Seq(9), 2)));
    JsonArray nodes = new JsonObject(gateway.get("/v1/status").body()).getJsonArray("nodes");
    assertTrue(nodes.getJsonObject(2).getBoolean("suspected"));
    assertFalse(nodes.getJsonObject(0).getBoolean("suspected"));
  }

  @Test
  void verify_lists_what_differs_and_who_is_missing() {
    grants("GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION");
    gateway.checkpoint =
        Future.succeededFuture(
            List.of(
                report(N1, Map.of("table a.t", "aa", "table a.u", "bb")),
                report(N2, Map.of("table a.t", "ab"))));
    JsonObject table = verified();
    assertFalse(table.getBoolean("identical"));
    assertEquals(new JsonArray().add("n3"), table.getJsonArray("missing"));
    assertEquals(2, table.getInteger("checked"));
    assertEquals(
        new JsonArray(
            """
            [{"object":"table a.t","checksums":{"n1":"6161","n2":"6162"}},
             {"object":"table a.u","checksums":{"n1":"6262","n2":"absent"}}]
            """),
        table.getJsonArray("differences"));
  }

  @Test
  void verify_finds_equal_nodes_identical() {
    grants("GRANT SUPER ON *.* TO `root`@`localhost`");
    gateway.checkpoint =
        Future.succeededFuture(
            List.of(
                report(N1, Map.of("t", "a")),
                report(N2, Map.of("t", "a")),
                report(N3, Map.of("t", "a"))));
    assertTrue(verified().getBoolean("identical"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GRANT USAGE ON *.* TO `root`@`localhost` | 403",
        "GRANT SELECT, INSERT ON *.* TO `root`@`localhost` | 403",
        "GRANT ALL PRIVILEGES ON `shop`.* TO `root`@`localhost` | 403",
        "GRANT SELECT, RELOAD ON *.* TO `root`@`localhost` | 200",
        "GRANT BINLOG ADMIN ON *.* TO `root`@`localhost` | 200",
      })
  void verify_needs_a_global_administrative_privilege(String grant, int status) {
    grants(grant);
    assertEquals(status, verify().statusCode());
  }

  @Test
  void the_page_loads_nothing_from_elsewhere_and_runs_only_its_own_script() {
    HttpResponse<String> page = gateway.get("/");
    String policy = page.headers().firstValue("Content-Security-Policy").orElse("");
    assertTrue(policy.startsWith("default-src 'none'") && policy.contains("script-src 'sha256-"));
    assertFalse(page.body().contains("http://") || page.body().contains("https://"));
    assertFalse(page.body().contains("style=\"") || page.body().contains("onclick"));
  }

  private void grants(String grant) {
    gateway.service.when(
        "SHOW GRANTS", Rows.of(List.of(column("Grants", 253, UTF8, 0)), List.of(row(grant))));
  }

  private HttpResponse<String> verify() {
    return gateway.send(gateway.request("/v1/verify").POST(HttpRequest.BodyPublishers.noBody()));
  }

  private JsonObject verified() {
    HttpResponse<String> answer = verify();
    assertEquals(200, answer.statusCode(), answer.body());
    return new JsonObject(answer.body());
  }

  private static CheckpointReport report(NodeId node, Map<String, String> sums) {
    Map<String, Bytes> bytes = new java.util.HashMap<>();
    sums.forEach((name, sum) -> bytes.put(name, Bytes.utf8(sum)));
    return new CheckpointReport(node, "c-1", new Seq(50), bytes);
  }
}
