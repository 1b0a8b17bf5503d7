package io.lockstep.http;

import io.lockstep.gateway.StatementService;
import io.lockstep.load.LoadBoard;
import io.lockstep.load.MasterChoice;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * SQL over HTTP, status, health and metrics: every route in one place, as {@code /openapi.json}
 * describes them.
 */
public final class HttpGateway {
  private static final String JSON = "application/json";
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Vertx vertx;
  private final HttpBounds bounds;
  private final StatementService service;
  private final NodeState node;
  private final Verification verification;
  private final StatusView status;
  private final PrometheusMeterRegistry metrics;
  private final Authentication authentication;
  private final AdminPrivilege admin;
  private final Admission admission;
  private final RequestMetrics requestMetrics;

  /**
   * @param choices the gateway's last choices of a master, newest first
   */
  public HttpGateway(
      Vertx vertx,
      HttpBounds bounds,
      StatementService service,
      NodeState node,
      LoadBoard board,
      Supplier<List<MasterChoice>> choices,
      Verification verification,
      PrometheusMeterRegistry metrics) {
    this.vertx = vertx;
    this.bounds = bounds;
    this.service = service;
    this.node = node;
    this.verification = verification;
    this.metrics = metrics;
    this.status = new StatusView(node, board, choices);
    this.authentication = new Authentication(service);
    this.admin = new AdminPrivilege(service);
    this.admission = new Admission(node, bounds.statementsMax(), metrics);
    this.requestMetrics = new RequestMetrics(metrics);
  }

  /** The routes, for one HTTP server. */
  public Router router() {
    Router router = Router.router(vertx);
    router.route().handler(requestMetrics);
    HealthRoutes health = new HealthRoutes(node);
    router.get("/healthz").handler(health::alive);
    router.get("/readyz").handler(health::ready);
    router.get("/metrics").handler(this::metrics);
    String document = Resource.text("openapi.json");
    router.get("/openapi.json").handler(context -> json(context, document));
    StatusPage page = new StatusPage();
    router.get("/").handler(context -> signedIn(context, () -> page.answer(context.response())));
    router
        .get("/v1/status")
        .handler(context -> signedIn(context, () -> json(context, status.json().encode())));
    statement(router, "/v1/execute", StatementHandler.Mode.EXECUTE);
    statement(router, "/v1/query", StatementHandler.Mode.QUERY);
    router.post("/v1/verify").handler(this::sameSite).handler(this::verify);
    failures(router);
    return router;
  }

  private void statement(Router router, String path, StatementHandler.Mode mode) {
    router.post(path).handler(this::sameSite).handler(this::claimed).handler(this::sendsJson);
    router
        .post(path)
        .handler(BodyHandler.create(false).setBodyLimit(bounds.bodyBytesMax()))
        .handler(new StatementHandler(vertx, service, authentication, admission, bounds, mode));
  }

  private void verify(RoutingContext context) {
    Context here = vertx.getOrCreateContext();
    authentication
        .of(context.request())
        .compose(admin::require)
        .compose(identity -> verification.checkpoint(bounds.verifyTime()))
        .map(reports -> new ChecksumTable(reports, node.configured()).json())
        .onComplete(
            table ->
                here.runOnContext(
                    back -> {
                      if (table.succeeded()) {
                        json(context, table.result().encode());
                      } else {
                        context.fail(table.cause());
                      }
                    }));
  }

  private void metrics(RoutingContext context) {
    context.response().putHeader(HttpHeaders.CONTENT_TYPE, METRICS_TYPE).end(metrics.scrape());
  }

  private void signedIn(RoutingContext context, Runnable answer) {
    authentication
        .of(context.request())
        .onSuccess(identity -> answer.run())
        .onFailure(context::fail);
  }

  private static void json(RoutingContext context, String document) {
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(document);
  }

  /** A browser adds the credentials it knows to what any other site makes it send. */
  private void sameSite(RoutingContext context) {
    if ("cross-site".equals(context.request().getHeader("Sec-Fetch-Site"))) {
      context.fail(new ProblemException(ProblemType.FORBIDDEN, "the request is another site's"));
    } else {
      context.next();
    }
  }

  private void claimed(RoutingContext context) {
    if (Authentication.claimed(context.request())) {
      context.next();
    } else {
      context.fail(Authentication.missing());
    }
  }

  private void sendsJson(RoutingContext context) {
    Optional<String> type =
        Optional.ofNullable(context.request().getHeader(HttpHeaders.CONTENT_TYPE))
            .map(header -> header.toLowerCase(Locale.ROOT).split(";", 2)[0].trim());
    if (type.filter(JSON::equals).isPresent()) {
      context.next();
    } else {
      context.fail(
          new ProblemException(
              ProblemType.UNSUPPORTED_MEDIA_TYPE, "the Content-Type must be " + JSON));
    }
  }

  private void failures(Router router) {
    router.errorHandler(404, answering(ProblemType.NOT_FOUND));
    router.errorHandler(405, context -> wrongMethod(router, context));
    router.errorHandler(
        413,
        context ->
            Problem.of(
                    ProblemType.BODY_TOO_LARGE,
                    "a body has at most " + bounds.bodyBytesMax() + " bytes")
                .answer(context.response()));
    router.errorHandler(400, answering(ProblemType.MALFORMED_REQUEST));
    router.errorHandler(500, context -> Problems.of(context.failure()).answer(context.response()));
  }

  private static Handler<RoutingContext> answering(ProblemType type) {
    return context -> Problem.of(type, where(context.request())).answer(context.response());
  }

  private static void wrongMethod(Router router, RoutingContext context) {
    List<String> allowed =
        router.getRoutes().stream()
            .filter(route -> context.normalizedPath().equals(route.getPath()))
            .map(Route::methods)
            .flatMap(methods -> methods.stream().map(HttpMethod::name))
            .distinct()
            .toList();
    context.response().putHeader(HttpHeaders.ALLOW, String.join(", ", allowed));
    Problem.of(ProblemType.METHOD_NOT_ALLOWED, where(context.request())).answer(context.response());
  }

  private static String where(HttpServerRequest request) {
    return request.method() + " " + request.path();
  }
}
