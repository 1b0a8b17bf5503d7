package io.lockstep.mysql;

/** Too many commands, or bytes, wait on this connection: this command was not sent. */
public final class PipelineFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PipelineFullException(String bound) {
    super(bound);
  }
}
