package io.lockstep.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Counts and times requests by route and status. Unknown paths share one label. */
final class RequestMetrics implements Handler<RoutingContext> {
  private final MeterRegistry metrics;

  RequestMetrics(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  @Override
  public void handle(RoutingContext context) {
    Timer.Sample sample = Timer.start(metrics);
    context.addEndHandler(
        end -> {
          int status = context.response().getStatusCode();
          sample.stop(
              metrics.timer(
                  "lockstep.http.requests",
                  "route",
                  status == 404 ? "unknown" : route(context),
                  "status",
                  Integer.toString(status)));
        });
    context.next();
  }

  private static String route(RoutingContext context) {
    return Optional.ofNullable(context.currentRoute())
        .flatMap(route -> Optional.ofNullable(route.getPath()))
        .orElse("unknown");
  }
}
