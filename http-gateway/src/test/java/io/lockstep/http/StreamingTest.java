package io.lockstep.http;

import static io.lockstep.http.Rows.UTF8;
import static io.lockstep.http.Rows.column;
import static io.lockstep.http.Rows.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.gateway.ClientErrorException;
import io.lockstep.gateway.RowSink;
import io.lockstep.gateway.StatementResult;
import io.lockstep.model.MySqlError;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StreamingTest {
  private static final long ROWS = 200_000;
  private static final String QUERY = "{\"sql\":\"SELECT\"}";
  private static final Future<StatementResult> END =
      Future.succeededFuture(FakeStatementService.done(0, 0, 42));
  private final Gateway gateway =
      new Gateway(new HttpBounds(1 << 20, ROWS, 4, Duration.ofSeconds(30), Duration.ofSeconds(5)));
  private final CompletableFuture<StatementResult> ended = new CompletableFuture<>();
  private final AtomicLong taken = new AtomicLong();

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void many_rows_arrive_whole_and_in_order() {
    answersWith(ROWS, END);
    JsonObject json = new JsonObject(gateway.post("/v1/query", QUERY).body());
    assertEquals(ROWS, json.getLong("rowCount"));
    assertEquals(ROWS, json.getJsonArray("rows").size());
    assertEquals(42, json.getInteger("seq"));
  }

  @Test
  void the_token_of_a_streamed_answer_is_its_trailer() {
    answersWith(10_000, END);
    HttpClientResponse response = Gateway.await(ask());
    Gateway.await(response.body());
    assertEquals("Lockstep-Seq", response.getHeader("Trailer"));
    assertEquals("42", response.trailers().get("Lockstep-Seq"));
  }

  @Test
  void a_client_that_does_not_read_stops_the_rows() throws Exception {
    answersWith(ROWS, END);
    HttpClientResponse response = Gateway.await(ask().onSuccess(HttpClientResponse::pause));
    long stoodAt = whenItStandsStill();
    assertTrue(stoodAt > 0 && stoodAt < ROWS, "took " + stoodAt + " rows that nobody read");
    assertFalse(ended.isDone());
    Future<Buffer> body = response.body();
    response.resume();
    assertEquals(ROWS, new JsonObject(Gateway.await(body)).getLong("rowCount"));
    ended.get(20, TimeUnit.SECONDS);
  }

  @Test
  void a_client_that_goes_away_ends_the_statement() {
    answersWith(ROWS, END);
    HttpClientResponse response = Gateway.await(ask().onSuccess(HttpClientResponse::pause));
    whenItStandsStill();
    Gateway.await(response.request().connection().close());
    assertTrue(ended.handle((result, failure) -> failure != null).join());
  }

  @Test
  void an_error_after_the_first_rows_ends_the_answer_with_a_problem() {
    MySqlError lost = new MySqlError(1317, "70100", "Query execution was interrupted");
    answersWith(5_000, Future.failedFuture(new ClientErrorException(lost)));
    HttpResponse<String> answer = gateway.post("/v1/query", QUERY);
    JsonObject json = new JsonObject(answer.body());
    assertEquals(5_000, json.getJsonArray("rows").size());
    assertEquals(1317, json.getJsonObject("problem").getInteger("mysqlCode"));
    assertFalse(json.containsKey("seq"));
  }

  @Test
  void an_error_after_the_first_rows_is_the_last_line() {
    MySqlError lost = new MySqlError(1317, "70100", "Query execution was interrupted");
    answersWith(5_000, Future.failedFuture(new ClientErrorException(lost)));
    List<String> lines =
        gateway.post("/v1/query", QUERY, "Accept", "application/x-ndjson").body().lines().toList();
    assertEquals(5_002, lines.size());
    assertTrue(new JsonArray(lines.get(5_000)).size() == 1);
    assertTrue(new JsonObject(lines.get(5_001)).containsKey("problem"));
  }

  @Test
  void an_error_among_the_first_rows_has_its_proper_status() {
    MySqlError lost = new MySqlError(1317, "70100", "Query execution was interrupted");
    answersWith(3, Future.failedFuture(new ClientErrorException(lost)));
    assertEquals(422, gateway.post("/v1/query", QUERY).statusCode());
  }

  @Test
  void rows_beyond_the_bound_end_the_answer() {
    answersWith(ROWS + 1, END);
    JsonObject json = new JsonObject(gateway.post("/v1/query", QUERY).body());
    assertEquals(ROWS, json.getJsonArray("rows").size());
    assertEquals(
        "urn:lockstep:problem:too-many-rows", json.getJsonObject("problem").getString("type"));
  }

  private void answersWith(long rows, Future<StatementResult> end) {
    gateway.service.when(
        "SELECT",
        (request, sink) -> {
          sink.columns(List.of(column("text", 253, UTF8, 0)));
          return Rows.pump(
                  new Counting(sink), rows, row("forty-two characters of text in one row"), end)
              .onSuccess(ended::complete)
              .onFailure(ended::completeExceptionally);
        });
  }

  private Future<HttpClientResponse> ask() {
    return gateway
        .vertx
        .createHttpClient()
        .request(HttpMethod.POST, gateway.port(), "127.0.0.1", "/v1/query")
        .compose(
            request ->
                request
                    .putHeader("Authorization", Gateway.basic("root", ""))
                    .putHeader("Content-Type", "application/json")
                    .send(QUERY));
  }

  /** The count of rows once it has not changed over a stretch of the event loop's own time. */
  private long whenItStandsStill() {
    long before = -1;
    while (before != taken.get()) {
      before = taken.get();
      Gateway.await(gateway.vertx.timer(300, TimeUnit.MILLISECONDS));
    }
    return before;
  }

  private final class Counting implements RowSink {
    private final RowSink sink;

    Counting(RowSink sink) {
      this.sink = sink;
    }

    @Override
    public void columns(List<Column> columns) {
      sink.columns(columns);
    }

    @Override
    public Future<Void> row(List<java.util.Optional<io.lockstep.model.Bytes>> values) {
      taken.incrementAndGet();
      return sink.row(values);
    }
  }
}
