package io.lockstep.http;

import io.lockstep.model.MySqlError;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * What went wrong with a request, as a problem document (RFC 9457).
 *
 * @param error the database's own words, where it was the database that refused
 * @param reasons more than one cause, such as why a node is not ready
 */
public record Problem(
    ProblemType type, String detail, Optional<MySqlError> error, List<String> reasons) {
  public static final String MEDIA_TYPE = "application/problem+json";
  private static final String RETRY_AFTER_SECONDS = "1";
  private static final String CHALLENGE = "Basic realm=\"Lockstep\", charset=\"UTF-8\"";

  public Problem {
    reasons = List.copyOf(reasons);
  }

  public static Problem of(ProblemType type, String detail) {
    return new Problem(type, detail, Optional.empty(), List.of());
  }

  /** The document's members. */
  public JsonObject json() {
    JsonObject json =
        new JsonObject()
            .put("type", type.uri())
            .put("title", type.title())
            .put("status", type.status())
            .put("detail", detail)
            .put("safeToRetry", type.safeToRetry());
    error.ifPresent(mysql -> json.put("mysqlCode", mysql.code()).put("sqlState", mysql.sqlState()));
    if (!reasons.isEmpty()) {
      json.put("reasons", new JsonArray(reasons));
    }
    return json;
  }

  /** Ends a response that has not begun. */
  void answer(HttpServerResponse response) {
    response
        .setStatusCode(type.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (type == ProblemType.UNAUTHORIZED) {
      response.putHeader("WWW-Authenticate", CHALLENGE);
    }
    if (type.safeToRetry()) {
      response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    response.end(json().toBuffer());
  }
}
