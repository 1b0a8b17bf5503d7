package io.lockstep.gateway;

/** Another request was applied before under the same idempotency key; nothing was written now. */
public final class KeyReusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public KeyReusedException() {
    super("another request was applied under the same idempotency key", null, false, false);
  }
}
