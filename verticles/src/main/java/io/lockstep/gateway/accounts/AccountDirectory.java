package io.lockstep.gateway.accounts;

import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The accounts that clients sign in with, read again whenever a definition or account changed in
 * the order. Lives on its gateway's context.
 */
public final class AccountDirectory {
  /** As the server sorts them: the more specific host first, then named users before anonymous. */
  private static final Comparator<AccountRecord> SERVER_ORDER =
      Comparator.comparingInt(
              (AccountRecord record) -> -new HostPattern(record.account().host()).specificity())
          .thenComparing(record -> record.account().user().isEmpty());

  private final AccountSource source;
  private final Supplier<Position> position;
  private Future<List<AccountRecord>> accounts = Future.succeededFuture(List.of());
  private Optional<Seq> readAt = Optional.empty();

  /**
   * Reads nothing yet.
   *
   * @param position what the node's own database has applied
   */
  public AccountDirectory(AccountSource source, Supplier<Position> position) {
    this.source = source;
    this.position = position;
  }

  /** The account that the server would choose for this user from this host. */
  public Future<Optional<AccountRecord>> find(String user, ClientHost host) {
    return current()
        .map(
            all ->
                all.stream()
                    .filter(
                        record ->
                            record.account().user().isEmpty()
                                || record.account().user().equals(user))
                    .filter(record -> new HostPattern(record.account().host()).matches(host))
                    .findFirst());
  }

  private Future<List<AccountRecord>> current() {
    Seq definitions = position.get().definitionsSeq();
    if (readAt.isEmpty() || definitions.isAfter(readAt.get()) || accounts.failed()) {
      accounts = source.read().map(AccountDirectory::sorted);
      readAt = Optional.of(definitions);
    }
    return accounts;
  }

  private static List<AccountRecord> sorted(List<AccountSource.Row> rows) {
    return rows.stream()
        .flatMap(row -> AccountRecord.of(row.user(), row.host(), row.json()).stream())
        .sorted(SERVER_ORDER)
        .toList();
  }
}
