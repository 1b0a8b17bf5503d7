package io.lockstep.http;

import io.lockstep.load.Standing;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;

/** Is the process alive, does the node take work? Open to everybody. */
final class HealthRoutes {
  private final NodeState node;

  HealthRoutes(NodeState node) {
    this.node = node;
  }

  void alive(RoutingContext context) {
    answer(context, 200, new JsonObject().put("status", "alive"));
  }

  void ready(RoutingContext context) {
    Standing standing = node.standing();
    List<String> reasons = new ArrayList<>(standing.notServing());
    if (standing.draining()) {
      reasons.add("the node is draining");
    }
    JsonObject json =
        new JsonObject()
            .put("status", reasons.isEmpty() ? "ready" : "not-ready")
            .put("reasons", new JsonArray(reasons));
    answer(context, reasons.isEmpty() ? 200 : 503, json);
  }

  private static void answer(RoutingContext context, int status, JsonObject json) {
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(json.toBuffer());
  }
}
