package io.lockstep.http;

import java.util.Locale;

/** The kinds of problem a client can meet; the URI of each is stable. */
public enum ProblemType {
  MALFORMED_REQUEST(400, "The request is malformed"),
  SYNTAX(400, "The statement is not SQL that the database understands"),
  UNAUTHORIZED(401, "A database account is needed"),
  FORBIDDEN(403, "The account may not do this"),
  NOT_FOUND(404, "There is nothing here"),
  METHOD_NOT_ALLOWED(405, "This method is not for this path"),
  CONSTRAINT(409, "A constraint of the data forbids it"),
  CONFLICT(409, "Another transaction was in the way"),
  BODY_TOO_LARGE(413, "The request body is too large"),
  UNSUPPORTED_MEDIA_TYPE(415, "The request body must be application/json"),
  STATEMENT_FAILED(422, "The statement failed"),
  NOT_A_READ(422, "The statement is not a read"),
  TOO_MANY_ROWS(422, "The answer has too many rows"),
  IDEMPOTENCY_KEY_REUSED(422, "The idempotency key belongs to another request"),
  BUSY(429, "Too many statements are under way"),
  INTERNAL(500, "Something went wrong here"),
  NOT_SUPPORTED(501, "Lockstep does not support this statement"),
  NOT_READY(503, "The node cannot serve"),
  NOT_WRITTEN(503, "The write could not be ordered; nothing was written"),
  BEHIND_TOKEN(503, "The database did not reach the consistency token in time"),
  OUTCOME_UNKNOWN(504, "The write may or may not have been applied"),
  TIMEOUT(504, "The statement took too long");

  private final int status;
  private final String title;

  ProblemType(int status, String title) {
    this.status = status;
    this.title = title;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  /** The value of the member {@code type} (RFC 9457, 3.1.1). */
  public String uri() {
    return "urn:lockstep:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether the same request may be sent again a little later, without risk of acting twice. */
  public boolean safeToRetry() {
    return switch (this) {
      case BUSY, NOT_READY, NOT_WRITTEN, BEHIND_TOKEN, CONFLICT -> true;
      default -> false;
    };
  }
}
