package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.bus.ManualTimers;
import io.lockstep.gateway.accounts.AccountDirectory;
import io.lockstep.gateway.accounts.AccountRecord;
import io.lockstep.gateway.accounts.AccountSource;
import io.lockstep.gateway.accounts.ClientHost;
import io.lockstep.model.LogIndex;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UpToDateAccountsTest {
  private static final ClientHost HOST = ClientHost.of("10.0.0.1");

  private final List<AccountSource.Row> rows = new ArrayList<>();
  private final ManualTimers timers = new ManualTimers();
  private final Promise<Void> applied = Promise.promise();
  private Position position = Position.START;
  private int waits;
  private final UpToDateAccounts accounts =
      new UpToDateAccounts(
          new AccountDirectory(() -> Future.succeededFuture(List.copyOf(rows)), () -> position),
          timers,
          () -> {
            waits++;
            return applied.future();
          });

  private Future<Optional<AccountRecord>> find(boolean fits) {
    return accounts.find("app", HOST, record -> fits);
  }

  private void add() {
    rows.add(new AccountSource.Row("app", "%", "{}"));
  }

  @Test
  void that_fit_are_not_waited_for() {
    add();
    assertTrue(find(true).result().isPresent());
    assertEquals(0, waits);
  }

  @Test
  void that_are_new_at_another_gateway_are_found() {
    Future<Optional<AccountRecord>> found = find(true);
    assertFalse(found.isComplete());
    add();
    position = new Position(new Seq(5), new LogIndex(5), 0, new Seq(5));
    applied.complete();
    assertTrue(found.result().isPresent());
  }

  @Test
  void that_do_not_fit_are_looked_up_once_more_and_told_then() {
    add();
    Future<Optional<AccountRecord>> found = find(false);
    applied.complete();
    assertTrue(found.result().isPresent());
    assertEquals(1, waits);
  }

  @Test
  void are_those_known_here_when_nothing_newer_can_be_learned() {
    add();
    Future<Optional<AccountRecord>> found = find(false);
    assertFalse(found.isComplete());
    timers.pass(UpToDateAccounts.PATIENCE);
    assertTrue(found.result().isPresent());
  }
}
