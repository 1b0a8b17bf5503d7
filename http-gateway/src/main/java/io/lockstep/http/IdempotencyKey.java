package io.lockstep.http;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.SessionId;
import io.lockstep.model.WriteId;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The {@code Idempotency-Key} of a request: 1 to 255 visible ASCII characters. The session of its
 * write is derived from account and key, the counter from the request, so that the order itself can
 * tell a repetition (same id) from another request under the same key (same session, other
 * counter). Keys are known as long as the order knows the session: for 2^20 writes.
 */
record IdempotencyKey(String value) {
  static final String HEADER = "Idempotency-Key";
  private static final Pattern SHAPE = Pattern.compile("[!-~]{1,255}");

  /** The request's key, if it has one. */
  static Optional<IdempotencyKey> of(HttpServerRequest request) {
    Optional<String> header = Optional.ofNullable(request.getHeader(HEADER)).map(String::trim);
    if (header.isPresent() && !SHAPE.matcher(header.get()).matches()) {
      throw new ProblemException(
          ProblemType.MALFORMED_REQUEST, HEADER + " is not 1 to 255 visible ASCII characters");
    }
    return header.map(IdempotencyKey::new);
  }

  /** The id of the write that this account asks for under this key. */
  WriteId writeId(Account account, String database, Bytes boundSql) {
    MessageDigest sha = sha256();
    field(sha, account.user().getBytes(StandardCharsets.UTF_8));
    field(sha, account.host().getBytes(StandardCharsets.UTF_8));
    field(sha, value.getBytes(StandardCharsets.US_ASCII));
    ByteBuffer session = ByteBuffer.wrap(sha.digest());
    field(sha, database.getBytes(StandardCharsets.UTF_8));
    field(sha, boundSql.view());
    long request = ByteBuffer.wrap(sha.digest()).getLong() & Long.MAX_VALUE;
    return new WriteId(SessionId.ofKey(session.getLong(), session.getLong()), Math.max(1, request));
  }

  private static void field(MessageDigest sha, byte[] content) {
    sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).flip());
    sha.update(content);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
