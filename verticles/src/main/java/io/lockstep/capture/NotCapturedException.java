package io.lockstep.capture;

/** What a branch has changed is not known here, though it may be the next time. */
final class NotCapturedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotCapturedException(String why) {
    super(why);
  }
}
