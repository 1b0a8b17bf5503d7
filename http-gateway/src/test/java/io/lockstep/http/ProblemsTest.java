package io.lockstep.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.gateway.BehindTokenException;
import io.lockstep.gateway.ClientErrorException;
import io.lockstep.gateway.KeyReusedException;
import io.lockstep.gateway.NotWrittenException;
import io.lockstep.gateway.OutcomeUnknownException;
import io.lockstep.gateway.StatementResult;
import io.lockstep.load.Standing;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.WriteId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProblemsTest {
  private static final HttpBounds TIGHT =
      new HttpBounds(1_000, 10, 1, Duration.ofMillis(200), Duration.ofSeconds(5));
  private static final JsonObject INSERT = new JsonObject().put("sql", "INSERT");
  private final Gateway gateway = new Gateway(TIGHT);

  @AfterEach
  void close() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource({
    "1064, 42000, 400, syntax",
    "1045, 28000, 401, unauthorized",
    "1142, 42000, 403, forbidden",
    "1227, 42000, 403, forbidden",
    "1062, 23000, 409, constraint",
    "1452, 23000, 409, constraint",
    "1213, 40001, 409, conflict",
    "1146, 42S02, 422, statement-failed",
    "1792, 25006, 422, not-a-read",
    "1235, 42000, 501, not-supported",
    "1047, 08S01, 503, not-ready",
    "1969, 70100, 504, timeout",
  })
  void an_error_of_the_database_keeps_its_code_and_state(
      int code, String state, int status, String type) {
    gateway.service.fails(
        "INSERT", new ClientErrorException(new MySqlError(code, state, "as the database says")));
    JsonObject problem = refused(gateway.execute(INSERT), status, type);
    assertEquals(code, problem.getInteger("mysqlCode"));
    assertEquals(state, problem.getString("sqlState"));
    assertEquals("as the database says", problem.getString("detail"));
  }

  @Test
  void a_write_that_was_certainly_not_ordered_may_be_sent_again() {
    gateway.service.fails("INSERT", new NotWrittenException("no sequencer"));
    HttpResponse<String> answer = gateway.execute(INSERT);
    assertTrue(refused(answer, 503, "not-written").getBoolean("safeToRetry"));
    assertEquals("1", answer.headers().firstValue("Retry-After").orElse(""));
  }

  @Test
  void a_write_of_unknown_fate_is_never_called_safe_to_retry() {
    WriteId id = new WriteId(SessionId.ofConnection(1, 2), 3);
    gateway.service.fails("INSERT", new OutcomeUnknownException(id, "it is not known"));
    JsonObject problem = refused(gateway.execute(INSERT), 504, "outcome-unknown");
    assertEquals(false, problem.getBoolean("safeToRetry"));
  }

  @Test
  void a_reused_key_and_a_token_not_reached_have_their_own_types() {
    gateway.service.fails("INSERT", new KeyReusedException());
    refused(gateway.execute(INSERT), 422, "idempotency-key-reused");
    gateway.service.fails(
        "INSERT",
        new BehindTokenException(
            new Seq(9), new Seq(3), new IllegalStateException("nobody is there")));
    refused(gateway.execute(INSERT), 503, "behind-token");
  }

  @Test
  void an_unforeseen_failure_tells_nothing_of_itself() {
    gateway.service.fails("INSERT", new IllegalStateException("secret"));
    JsonObject problem = refused(gateway.execute(INSERT), 500, "internal");
    assertTrue(!problem.encode().contains("secret"));
  }

  @Test
  void who_does_not_sign_in_is_challenged() {
    for (String path : List.of("/v1/status", "/")) {
      HttpResponse<String> answer = gateway.send(gateway.anonymous(path).GET());
      refused(answer, 401, "unauthorized");
      assertTrue(challenge(answer).startsWith("Basic "));
    }
    for (String path : List.of("/v1/execute", "/v1/query", "/v1/verify")) {
      HttpResponse<String> answer =
          gateway.send(gateway.anonymous(path).POST(HttpRequest.BodyPublishers.noBody()));
      refused(answer, 401, "unauthorized");
    }
  }

  @Test
  void a_wrong_password_is_refused_in_the_words_of_the_database() {
    HttpResponse<String> answer =
        gateway.send(
            gateway
                .anonymous("/v1/status")
                .header("Authorization", Gateway.basic("app", "wrong"))
                .GET());
    assertEquals(1045, refused(answer, 401, "unauthorized").getInteger("mysqlCode"));
    assertTrue(challenge(answer).startsWith("Basic "));
  }

  @Test
  void credentials_that_are_not_basic_are_challenged() {
    for (String header : List.of("Bearer x", "Basic *", "Basic " + "cm9vdA==")) {
      HttpResponse<String> answer =
          gateway.send(gateway.anonymous("/v1/status").header("Authorization", header).GET());
      refused(answer, 401, "unauthorized");
    }
  }

  @Test
  void a_node_that_does_not_serve_says_why() {
    gateway.standing = Standing.notServing("its database is down");
    JsonObject problem = refused(gateway.execute(INSERT), 503, "not-ready");
    assertEquals("its database is down", problem.getJsonArray("reasons").getString(0));
  }

  @Test
  void statements_are_taken_while_others_serve_instead_of_the_own_database() {
    gateway.standing = Standing.notServing("its database is down");
    gateway.servedByOthers = true;
    gateway.service.when(
        "INSERT", (request, rows) -> Future.succeededFuture(FakeStatementService.done(1, 0, 9)));
    assertEquals(200, gateway.execute(INSERT).statusCode());
    assertEquals(503, gateway.get("/readyz").statusCode());
  }

  @Test
  void statements_beyond_the_bound_are_turned_away_and_the_place_is_given_back() throws Exception {
    Promise<StatementResult> first = Promise.promise();
    CompletableFuture<Void> begun = new CompletableFuture<>();
    gateway.service.when(
        "SLOW",
        (request, rows) -> {
          begun.complete(null);
          return first.future();
        });
    CompletableFuture<HttpResponse<String>> slow =
        CompletableFuture.supplyAsync(() -> gateway.execute(new JsonObject().put("sql", "SLOW")));
    begun.get(20, TimeUnit.SECONDS);
    HttpResponse<String> turnedAway = gateway.execute(INSERT);
    refused(turnedAway, 429, "busy");
    assertEquals("1", turnedAway.headers().firstValue("Retry-After").orElse(""));
    first.complete(FakeStatementService.done(1, 0, 5));
    slow.get(20, TimeUnit.SECONDS);
    assertEquals(200, gateway.execute(INSERT).statusCode());
  }

  @Test
  void a_statement_beyond_its_time_is_a_timeout_for_a_read_and_unknown_for_a_write() {
    gateway.service.when("SELECT", (request, rows) -> Promise.<StatementResult>promise().future());
    refused(gateway.post("/v1/query", "{\"sql\":\"SELECT\"}"), 504, "timeout");
    Gateway other = new Gateway(TIGHT);
    try {
      other.service.when("INSERT", (request, rows) -> Promise.<StatementResult>promise().future());
      refused(other.execute(INSERT), 504, "outcome-unknown");
    } finally {
      other.close();
    }
  }

  @Test
  void a_body_beyond_the_bound_is_refused() {
    JsonObject big = new JsonObject().put("sql", "S".repeat(1_001));
    refused(gateway.execute(big), 413, "body-too-large");
  }

  @Test
  void a_body_that_is_not_json_is_refused() {
    HttpResponse<String> answer =
        gateway.send(
            gateway
                .request("/v1/execute")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{\"sql\":\"INSERT\"}")));
    refused(answer, 415, "unsupported-media-type");
    refused(gateway.post("/v1/execute", "{\"sql\":"), 400, "malformed-request");
  }

  @Test
  void headers_of_another_shape_are_refused() {
    refused(gateway.execute(INSERT, "Lockstep-Seq", "soon"), 400, "malformed-request");
    refused(gateway.execute(INSERT, "Lockstep-Seq", "-1"), 400, "malformed-request");
    refused(gateway.execute(INSERT, "Idempotency-Key", "a b"), 400, "malformed-request");
    refused(gateway.execute(INSERT, "Idempotency-Key", "k".repeat(256)), 400, "malformed-request");
    assertEquals(List.of(), gateway.service.executed);
  }

  @Test
  void another_site_cannot_make_a_browser_write() {
    refused(gateway.execute(INSERT, "Sec-Fetch-Site", "cross-site"), 403, "forbidden");
    assertEquals(List.of(), gateway.service.executed);
  }

  @Test
  void unknown_paths_and_methods_are_problems_too() {
    refused(gateway.get("/v2/execute"), 404, "not-found");
    HttpResponse<String> wrong = gateway.get("/v1/execute");
    refused(wrong, 405, "method-not-allowed");
    assertEquals("POST", wrong.headers().firstValue("Allow").orElse(""));
  }

  @Test
  void the_uris_of_the_problems_do_not_change() {
    assertEquals(
        "urn:lockstep:problem:idempotency-key-reused", ProblemType.IDEMPOTENCY_KEY_REUSED.uri());
  }

  private static String challenge(HttpResponse<String> answer) {
    return answer.headers().firstValue("WWW-Authenticate").orElse("");
  }

  private static JsonObject refused(HttpResponse<String> answer, int status, String type) {
    assertEquals(status, answer.statusCode(), answer.body());
    assertEquals(
        "application/problem+json", answer.headers().firstValue("Content-Type").orElse(""));
    JsonObject problem = new JsonObject(answer.body());
    assertEquals("urn:lockstep:problem:" + type, problem.getString("type"));
    assertEquals(status, problem.getInteger("status"));
    return problem;
  }
}
