package io.lockstep.gateway;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.Require;

/**
 * A client that has proved who it is.
 *
 * @param account the account that admits it, as {@code CURRENT_USER()} names it
 * @param user the user name the client gave, as {@code USER()} names it
 * @param address the client's address, without a port
 * @param stage1 SHA1 of the password, with which the gateway logs in to databases as this user;
 *     empty for an account without a password
 * @param tlsOnly whether the account admits encrypted connections only
 */
public record Identity(
    Account account, String user, String address, Bytes stage1, boolean tlsOnly) {
  /** Length of a SHA1, in bytes. */
  public static final int STAGE1_LENGTH = 20;

  public Identity {
    Require.that(
        stage1.length() == 0 || stage1.length() == STAGE1_LENGTH,
        "stage 1 of a password has 20 bytes or none");
  }

  /** One whose account takes any connection. */
  public Identity(Account account, String user, String address, Bytes stage1) {
    this(account, user, address, stage1, false);
  }

  /** Never shows the secret. */
  @Override
  public String toString() {
    return "'" + user + "'@'" + address + "' as " + account;
  }
}
