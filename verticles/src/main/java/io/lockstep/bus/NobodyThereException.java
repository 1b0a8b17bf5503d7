package io.lockstep.bus;

/** A question found nobody to answer it: it certainly reached no stage. */
public final class NobodyThereException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NobodyThereException(String address) {
    super("nobody answers at " + address, null, false, false);
  }
}
