package io.lockstep.model;

/**
 * One client session, unique for ever. The two halves are 128 bits: chosen at random by the gateway
 * for a connection, or derived from account and key for an HTTP {@code Idempotency-Key}. The top
 * bit says which, so that the two kinds never meet.
 *
 * <p>A keyed session has one write, whose counter is derived from the request: another counter
 * under the same session is another request under the same key, which the order refuses ({@link
 * Outcome.Refused.Reason#KEY_REUSED}).
 */
public record SessionId(long high, long low) {
  private static final long KEYED = 1L << 63;

  /** The session of a connection, from 128 random bits. */
  public static SessionId ofConnection(long high, long low) {
    return new SessionId(high & ~KEYED, low);
  }

  /** The session of an idempotency key, from a digest of account and key. */
  public static SessionId ofKey(long high, long low) {
    return new SessionId(high | KEYED, low);
  }

  /** Whether this is the session of an idempotency key. */
  public boolean isKeyed() {
    return (high & KEYED) != 0;
  }

  @Override
  public String toString() {
    return String.format("%016x%016x", high, low);
  }
}
