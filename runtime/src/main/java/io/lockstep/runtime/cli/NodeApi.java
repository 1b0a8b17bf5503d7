package io.lockstep.runtime.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** A node's HTTP port as the command line uses it. Blocks until the node has answered. */
final class NodeApi {
  private static final Duration CONNECT_WAIT_MAX = Duration.ofSeconds(10);

  private final URI base;
  private final String authorization;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_WAIT_MAX)
          .build();

  NodeApi(URI base, String user, String password) {
    this.base = base;
    this.authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  JsonNode get(String path, Duration within) {
    return answer(request(path, within).GET().build());
  }

  JsonNode post(String path, Duration within) {
    return answer(request(path, within).POST(BodyPublishers.ofString("{}")).build());
  }

  private HttpRequest.Builder request(String path, Duration within) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(within)
        .header("Authorization", authorization)
        .header("Content-Type", "application/json")
        .header("Accept", "application/json, application/problem+json");
  }

  private JsonNode answer(HttpRequest request) {
    try {
      var response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new CommandFailure(
            ExitCodes.UNAVAILABLE,
            base + " answers " + response.statusCode() + problem(response.body()));
      }
      return new ObjectMapper().readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new CommandFailure(ExitCodes.UNAVAILABLE, base + " is no Lockstep node", e);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCodes.UNAVAILABLE, "No node answers at " + base + " (" + e + ")", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCodes.UNAVAILABLE, "Interrupted", e);
    }
  }

  /** The words of an RFC 9457 problem document, where the body is one. */
  private static String problem(String body) {
    try {
      var problem = new ObjectMapper().readTree(body);
      var title = problem.path("title").asText("");
      var detail = problem.path("detail").asText("");
      return (title.isEmpty() ? "" : ": " + title) + (detail.isEmpty() ? "" : ": " + detail);
    } catch (JsonProcessingException notOne) {
      return "";
    }
  }
}
