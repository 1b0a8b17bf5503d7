package io.lockstep.model;

/** A database account as the server names it in {@code CURRENT_USER()}: user and host pattern. */
public record Account(String user, String host) {
  /** Longest user name, from MariaDB's {@code mysql.global_priv}. */
  public static final int USER_LENGTH_MAX = 128;

  /** Longest host pattern, from MariaDB's {@code mysql.global_priv}. */
  public static final int HOST_LENGTH_MAX = 255;

  public Account {
    Require.that(user.length() <= USER_LENGTH_MAX, "a user name has at most 128 characters");
    Require.that(host.length() <= HOST_LENGTH_MAX, "a host pattern has at most 255 characters");
  }

  @Override
  public String toString() {
    return "'" + user + "'@'" + host + "'";
  }
}
