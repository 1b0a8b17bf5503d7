package io.lockstep.http;

import static io.lockstep.http.Rows.BINARY;
import static io.lockstep.http.Rows.UTF8;
import static io.lockstep.http.Rows.column;
import static io.lockstep.http.Rows.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.gateway.StatementRequest;
import io.lockstep.gateway.StatementResult;
import io.lockstep.model.Bytes;
import io.lockstep.model.Outcome;
import io.lockstep.model.Seq;
import io.lockstep.model.Warning;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SqlOverHttpTest {
  private final Gateway gateway = Gateway.open();

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void a_write_is_answered_with_what_it_did_and_its_token() {
    gateway.service.when(
        "INSERT",
        (request, rows) ->
            Future.succeededFuture(
                new StatementResult(
                    new Outcome.Done(
                        2,
                        -1L,
                        1,
                        "Records: 2",
                        2,
                        List.of(new Warning("Note", 1265, "cut")),
                        List.of()),
                    new Seq(77),
                    false)));
    HttpResponse<String> answer =
        gateway.execute(
            new JsonObject()
                .put("database", "shop")
                .put("sql", "INSERT INTO t VALUES (?)")
                .put("params", new JsonArray().add("x")));
    assertEquals(200, answer.statusCode());
    assertEquals("77", answer.headers().firstValue("Lockstep-Seq").orElse(""));
    assertEquals(
        new JsonObject(
            """
            {"affectedRows":2,"lastInsertId":"18446744073709551615","info":"Records: 2",
             "warningCount":1,"warnings":[{"level":"Note","code":1265,"message":"cut"}],
             "seq":77,"replayed":false}
            """),
        new JsonObject(answer.body()));
    StatementRequest executed = gateway.service.executed.get(0);
    assertEquals("INSERT INTO t VALUES ( 'x' )", executed.sql().utf8());
    assertEquals("shop", executed.database());
    assertFalse(executed.readOnly());
  }

  @Test
  void every_type_of_value_arrives_exactly() {
    gateway.service.when("SELECT", allTypes());
    HttpResponse<String> answer = query("{\"sql\":\"SELECT\"}");
    JsonObject json = new JsonObject(answer.body());
    assertEquals("application/json", answer.headers().firstValue("Content-Type").orElse(""));
    assertEquals(
        new JsonArray(
            """
            [["18446744073709551615",42,"0.10",1e-300,"2024-01-31 10:00:00.123456","0000-00-00",
              "é","x",{"base64":"AP8="},5,2024,null]]
            """),
        json.getJsonArray("rows"));
    assertEquals(1, json.getLong("rowCount"));
    assertEquals("42", answer.headers().firstValue("Lockstep-Seq").orElse(""));
    assertEquals(
        new JsonObject()
            .put("name", "big")
            .put("type", "BIGINT")
            .put("unsigned", true)
            .put("nullable", true),
        json.getJsonArray("columns").getJsonObject(0));
    assertTrue(gateway.service.executed.get(0).readOnly());
  }

  @Test
  void big_numbers_are_json_numbers_for_those_who_ask() {
    gateway.service.when("SELECT", allTypes());
    String body = query("{\"sql\":\"SELECT\",\"bigNumbers\":\"number\"}").body();
    assertTrue(body.contains("[18446744073709551615,42,0.10,"), body);
  }

  @Test
  void rows_come_line_by_line_for_those_who_ask() {
    gateway.service.when(
        "SELECT", Rows.of(List.of(column("a", 3, BINARY, 1)), List.of(row("1"), row("2"))));
    HttpResponse<String> answer = query("{\"sql\":\"SELECT\"}", "Accept", "application/x-ndjson");
    assertEquals("application/x-ndjson", answer.headers().firstValue("Content-Type").orElse(""));
    List<String> lines = answer.body().lines().toList();
    assertEquals(4, lines.size());
    assertEquals(
        "a",
        new JsonObject(lines.get(0)).getJsonArray("columns").getJsonObject(0).getString("name"));
    assertEquals(List.of("[1]", "[2]"), lines.subList(1, 3));
    assertEquals(2, new JsonObject(lines.get(3)).getInteger("rowCount"));
  }

  @Test
  void an_empty_result_has_columns_and_no_rows() {
    gateway.service.when("SELECT", Rows.of(List.of(column("a", 3, BINARY, 0)), List.of()));
    JsonObject json = new JsonObject(query("{\"sql\":\"SELECT\"}").body());
    assertEquals(new JsonArray(), json.getJsonArray("rows"));
    assertEquals(0, json.getInteger("rowCount"));
  }

  @Test
  void the_consistency_token_reaches_the_statement() {
    query("{\"sql\":\"SELECT\"}", "Lockstep-Seq", "1234567890123");
    assertEquals(new Seq(1_234_567_890_123L), gateway.service.executed.get(0).notBefore());
  }

  @Test
  void a_repeated_write_is_answered_as_the_first_and_happens_once() {
    JsonObject body = new JsonObject().put("sql", "INSERT INTO t VALUES (1)");
    HttpResponse<String> first = gateway.execute(body, "Idempotency-Key", "k-1");
    HttpResponse<String> second = gateway.execute(body, "Idempotency-Key", "k-1");
    assertEquals(1, gateway.service.executed.size());
    assertEquals(Optional.empty(), first.headers().firstValue("Idempotency-Replayed"));
    assertEquals(Optional.of("true"), second.headers().firstValue("Idempotency-Replayed"));
    assertEquals(new JsonObject(first.body()).put("replayed", true), new JsonObject(second.body()));
    assertEquals(
        first.headers().firstValue("Lockstep-Seq"), second.headers().firstValue("Lockstep-Seq"));
  }

  @Test
  void another_request_under_the_same_key_is_refused() {
    gateway.execute(new JsonObject().put("sql", "INSERT 1"), "Idempotency-Key", "k-1");
    HttpResponse<String> other =
        gateway.execute(new JsonObject().put("sql", "INSERT 2"), "Idempotency-Key", "k-1");
    assertEquals(422, other.statusCode());
    assertEquals(
        "urn:lockstep:problem:idempotency-key-reused",
        new JsonObject(other.body()).getString("type"));
    assertEquals(1, gateway.service.executed.size());
  }

  @Test
  void the_same_key_of_another_account_is_another_key() {
    JsonObject body = new JsonObject().put("sql", "INSERT 1");
    gateway.execute(body, "Idempotency-Key", "k-1");
    gateway.send(
        gateway
            .anonymous("/v1/execute")
            .header("Authorization", Gateway.basic("app", "geheim ü"))
            .header("Content-Type", "application/json; charset=utf-8")
            .header("Idempotency-Key", "k-1")
            .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body.encode())));
    assertEquals(2, gateway.service.executed.size());
    assertNotEquals(
        gateway.service.executed.get(0).idempotent(), gateway.service.executed.get(1).idempotent());
  }

  @Test
  void a_key_names_the_same_write_for_ever() {
    gateway.execute(new JsonObject().put("sql", "INSERT 1"), "Idempotency-Key", "k-1");
    assertEquals(
        "a0710091da009a16e54eb037d8e06911:101025416379513201",
        gateway.service.executed.get(0).idempotent().orElseThrow().toString());
  }

  private HttpResponse<String> query(String json, String... headers) {
    return gateway.post("/v1/query", json, headers);
  }

  private static FakeStatementService.Script allTypes() {
    return Rows.of(
        List.of(
            column("big", 8, BINARY, 32),
            column("zero", 3, BINARY, 64),
            column("dec", 246, BINARY, 0),
            column("dbl", 5, BINARY, 0),
            column("dt", 12, BINARY, 0),
            column("d", 10, BINARY, 0),
            column("txt", 253, UTF8, 0),
            column("enm", 254, UTF8, 256),
            column("blob", 252, BINARY, 0),
            column("bit", 16, BINARY, 0),
            column("yr", 13, BINARY, 96),
            column("nul", 253, UTF8, 0)),
        List.of(
            List.of(
                Optional.of(Bytes.utf8("18446744073709551615")),
                Optional.of(Bytes.utf8("00042")),
                Optional.of(Bytes.utf8("0.10")),
                Optional.of(Bytes.utf8("1e-300")),
                Optional.of(Bytes.utf8("2024-01-31 10:00:00.123456")),
                Optional.of(Bytes.utf8("0000-00-00")),
                Optional.of(Bytes.utf8("é")),
                Optional.of(Bytes.utf8("x")),
                Optional.of(Bytes.copyOf(new byte[] {0, -1})),
                Optional.of(Bytes.copyOf(new byte[] {5})),
                Optional.of(Bytes.utf8("2024")),
                Optional.empty())));
  }
}
