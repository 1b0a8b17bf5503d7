package io.lockstep.mysql;

/** A collected reply passed its bound in bytes. The connection stays usable: the rest was read. */
public final class ReplyTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ReplyTooLargeException(long bytesMax) {
    super("the reply is longer than " + bytesMax + " bytes");
  }
}
