package io.lockstep.http;

import io.lockstep.gateway.Identity;
import io.lockstep.gateway.StatementService;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** Signs requests in with the database's own accounts, by HTTP Basic (RFC 7617, in UTF-8). */
final class Authentication {
  private static final String SCHEME = "basic ";

  private final StatementService service;

  Authentication(StatementService service) {
    this.service = service;
  }

  /** Who asks; fails with a problem when nobody known does. */
  Future<Identity> of(HttpServerRequest request) {
    Optional<String[]> credentials = credentials(request);
    if (credentials.isEmpty()) {
      return Future.failedFuture(missing());
    }
    String[] userAndPassword = credentials.get();
    return service.authenticate(
        userAndPassword[0], userAndPassword[1], request.remoteAddress().hostAddress());
  }

  /** Refuses a request without credentials before its body is read. */
  static boolean claimed(HttpServerRequest request) {
    return credentials(request).isPresent();
  }

  static ProblemException missing() {
    return new ProblemException(
        ProblemType.UNAUTHORIZED, "sign in with a database account by HTTP Basic");
  }

  private static Optional<String[]> credentials(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
        .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(SCHEME))
        .flatMap(header -> decoded(header.substring(SCHEME.length()).trim()));
  }

  private static Optional<String[]> decoded(String base64) {
    try {
      String pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0
          ? Optional.empty()
          : Optional.of(new String[] {pair.substring(0, colon), pair.substring(colon + 1)});
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }
}
