package io.lockstep.chaos.live;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Inserts rows through HTTP. Every row has an Idempotency-Key and is sent again, to another
 * gateway, until it is acknowledged; now and then an acknowledged one is sent once more. Either way
 * the row must be there exactly once.
 */
final class WebClient extends Client {
  private static final int REPEAT_EVERY = 20;
  private static final Duration RETRY_PAUSE = Duration.ofMillis(50);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();

  WebClient(int number, Surroundings surroundings) {
    super(number, surroundings);
  }

  @Override
  public void run() {
    for (long n = 1; !stopped(); n++) {
      Ledger.Row row = new Ledger.Row(number, n);
      tell(row, Ledger.Told.UNKNOWN);
      while (!stopped() && !send(row)) {
        goToTheNextGateway();
        Waiting.sleep(RETRY_PAUSE);
      }
      if (n % REPEAT_EVERY == 0) {
        goToTheNextGateway();
        send(row);
      }
    }
  }

  private boolean send(Ledger.Row row) {
    NodeProcess at = gateway();
    try {
      HttpResponse<String> response =
          http.send(request(at, row), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() == 200) {
        acknowledged(at, row);
        return true;
      }
      error(at, "HTTP " + response.statusCode() + " " + firstLine(response.body()));
      return false;
    } catch (IOException e) {
      error(at, e.getClass().getSimpleName());
      return false;
    } catch (InterruptedException e) {
      throw Waiting.interrupted(e);
    }
  }

  private static String firstLine(String body) {
    return body.lines().findFirst().orElse("").substring(0, Math.min(160, body.length()));
  }

  private static HttpRequest request(NodeProcess at, Ledger.Row row) {
    String body =
        "{\"database\":\"chaos\",\"sql\":\"INSERT INTO ledger (client, number, note) VALUES (?, ?,"
            + " ?)\",\"params\":["
            + row.client()
            + ","
            + row.number()
            + ",\"web\"]}";
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at.httpPort() + "/v1/execute"))
        .timeout(Duration.ofSeconds(45))
        .header("Authorization", "Basic cm9vdDo=")
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", "chaos-" + row.client() + "-" + row.number())
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }
}
