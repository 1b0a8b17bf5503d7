package io.lockstep.model;

/**
 * One client session, unique for ever. The two halves are 128 bits chosen at random by the gateway
 * for a connection, or derived from account and key for an HTTP {@code Idempotency-Key}.
 */
public record SessionId(long high, long low) {
  @Override
  public String toString() {
    return String.format("%016x%016x", high, low);
  }
}
