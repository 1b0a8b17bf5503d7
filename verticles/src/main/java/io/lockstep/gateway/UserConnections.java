package io.lockstep.gateway;

import io.lockstep.gateway.accounts.AccountDirectory;
import io.lockstep.gateway.accounts.ClientHost;
import io.lockstep.gateway.accounts.HostPattern;
import io.lockstep.model.Account;
import io.lockstep.model.ClientProcess;
import io.lockstep.model.MySqlError;
import io.lockstep.model.ProcessesAsked;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Holds an account to its MAX_USER_CONNECTIONS over all gateways: each database knows only of the
 * sessions that it serves. Two that sign in at the same moment at two gateways may both get in.
 */
final class UserConnections {
  private final ClusterSessions sessions;
  private final AccountDirectory accounts;

  UserConnections(ClusterSessions sessions, AccountDirectory accounts) {
    this.sessions = sessions;
    this.accounts = accounts;
  }

  /**
   * Fails with what the client is to be told when it has as many sessions already.
   *
   * @param self the connection that asks, which does not count
   */
  Future<Void> admit(Identity identity, long self) {
    return accounts
        .find(identity.user(), ClientHost.of(identity.address()))
        .compose(
            found ->
                found
                    .filter(record -> record.connectionsMax() > 0)
                    .map(record -> admit(identity, record.connectionsMax(), self))
                    .orElseGet(Future::succeededFuture));
  }

  private Future<Void> admit(Identity identity, int max, long self) {
    return sessions
        .list(new ProcessesAsked(Optional.of(identity.user()), 0))
        .map(
            all ->
                all.stream()
                    .filter(one -> one.id() != self && isOf(one, identity.account()))
                    .count())
        .compose(
            open ->
                open < max
                    ? Future.succeededFuture()
                    : Future.failedFuture(new ClientErrorException(exceeded(identity, open))));
  }

  private static boolean isOf(ClientProcess process, Account account) {
    String address = process.host().substring(0, process.host().lastIndexOf(':'));
    return new HostPattern(account.host()).matches(ClientHost.of(address));
  }

  private static MySqlError exceeded(Identity identity, long open) {
    return new MySqlError(
        1226,
        "42000",
        "User '"
            + identity.user()
            + "' has exceeded the 'max_user_connections' resource (current value: "
            + open
            + ")");
  }
}
