package io.lockstep.http;

import io.lockstep.bus.Timers;
import io.lockstep.load.DigestAt;
import io.lockstep.load.Endpoint;
import io.lockstep.load.Endpoints;
import io.lockstep.load.LoadAdvert;
import io.lockstep.load.LoadBoard;
import io.lockstep.load.LoadFigures;
import io.lockstep.load.MasterChooser;
import io.lockstep.load.Progress;
import io.lockstep.load.Standing;
import io.lockstep.model.CheckpointReport;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.Term;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An HTTP gateway on a port of its own, fakes behind it, and a client for it. */
final class Gateway implements AutoCloseable, NodeState {
  static final NodeId N1 = new NodeId("n1");
  static final NodeId N2 = new NodeId("n2");
  static final NodeId N3 = new NodeId("n3");

  final Vertx vertx = Vertx.vertx();
  final FakeStatementService service = new FakeStatementService();
  final LoadBoard board = new LoadBoard(new StillTimers());
  final MasterChooser chooser = new MasterChooser(N1, board);
  volatile Standing standing = Standing.SERVING;
  volatile boolean servedByOthers;
  volatile Future<List<CheckpointReport>> checkpoint = Future.succeededFuture(List.of());
  final Router router;
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  Gateway(HttpBounds bounds) {
    HttpGateway gateway =
        new HttpGateway(
            vertx,
            bounds,
            service,
            this,
            board,
            chooser::recent,
            within -> checkpoint,
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    router = gateway.router();
    server =
        await(
            vertx
                .createHttpServer(HttpGatewayVerticle.options())
                .requestHandler(router)
                .listen(0, "127.0.0.1"));
  }

  static Gateway open() {
    return new Gateway(HttpBounds.DEFAULT);
  }

  int port() {
    return server.actualPort();
  }

  /** A request signed in as root. */
  HttpRequest.Builder request(String path) {
    return anonymous(path).header("Authorization", basic("root", ""));
  }

  HttpRequest.Builder anonymous(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .timeout(Duration.ofSeconds(20));
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  HttpResponse<String> post(String path, String json, String... headers) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return send(request);
  }

  HttpResponse<String> execute(JsonObject body, String... headers) {
    return post("/v1/execute", body.encode(), headers);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  static String basic(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /** Three nodes are heard of; n2 leads. */
  void hearsThreeNodes() {
    for (NodeId node : configured()) {
      heard(node, List.of(new DigestAt(new Seq(100), 5)));
    }
  }

  void heard(NodeId node, List<DigestAt> digests) {
    Endpoints endpoints =
        new Endpoints(
            new Endpoint("127.0.0.1", 3306),
            false,
            new Endpoint("127.0.0.1", 4406),
            new Endpoint("127.0.0.1", 8480));
    board.heard(
        new LoadAdvert(
            node,
            1,
            endpoints,
            new LoadFigures(0.25, 4, 3, 400, 12, 3L << 30),
            Progress.of(node.equals(N2), new Term(3), new Seq(99), new Seq(100)),
            Standing.SERVING,
            digests));
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Override
  public NodeId node() {
    return N1;
  }

  @Override
  public String version() {
    return "0.1.0";
  }

  @Override
  public List<NodeId> configured() {
    return List.of(N1, N2, N3);
  }

  @Override
  public Standing standing() {
    return standing;
  }

  @Override
  public Standing gateway() {
    return servedByOthers ? Standing.SERVING : standing;
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  private static final class StillTimers implements Timers {
    @Override
    public Timer after(Duration delay, Runnable action) {
      return () -> {};
    }

    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public Instant now() {
      return Instant.EPOCH;
    }
  }
}
