package io.lockstep.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The one page for a person. It runs nothing and loads nothing that is not in the file itself: its
 * Content-Security-Policy admits its own script and style by their hashes alone.
 */
final class StatusPage {
  private final String html;
  private final String policy;

  StatusPage() {
    html = Resource.text("status.html");
    policy =
        "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'; img-src data:; script-src 'sha256-"
            + hash("script")
            + "'; style-src 'sha256-"
            + hash("style")
            + "'";
  }

  void answer(HttpServerResponse response) {
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
        .putHeader("Content-Security-Policy", policy)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .end(html);
  }

  private String hash(String element) {
    int from = html.indexOf("<" + element + ">") + element.length() + 2;
    String content = html.substring(from, html.indexOf("</" + element + ">", from));
    try {
      byte[] sha =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(sha);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
