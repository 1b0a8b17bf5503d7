package io.lockstep.model;

/** One line of {@code SHOW WARNINGS} after a write. */
public record Warning(String level, int code, String message) {
  /** As many as the server keeps by default ({@code max_error_count}). */
  public static final int WARNINGS_MAX = 64;
}
