package io.lockstep.gateway.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.LogIndex;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AccountDirectoryTest {
  private static final ClientHost LOCAL = ClientHost.of("127.0.0.1");
  private static final String HASH = "*7B9EBEED26AA52ED10C0F549FA863F13C39E0209";

  private final List<AccountSource.Row> rows = new ArrayList<>();
  private Position position = Position.START;
  private int reads;
  private final AccountDirectory directory =
      new AccountDirectory(
          () -> {
            reads++;
            return Future.succeededFuture(List.copyOf(rows));
          },
          () -> position);

  @Test
  void an_anonymous_account_of_a_nearer_host_hides_a_named_one_as_in_the_server() {
    add("app", "%", "{}");
    add("", "localhost", "{}");
    assertEquals(Optional.of(new Account("", "localhost")), account("app", LOCAL));
  }

  @Test
  void a_named_account_goes_before_an_anonymous_one_of_the_same_host() {
    add("", "localhost", "{}");
    add("app", "localhost", "{}");
    assertEquals(Optional.of(new Account("app", "localhost")), account("app", LOCAL));
  }

  @Test
  void a_role_is_nobody_who_could_sign_in() {
    add("r", "", "{\"is_role\":true}");
    assertTrue(account("r", LOCAL).isEmpty());
  }

  @Test
  void every_native_password_of_an_account_admits_it() {
    add(
        "root",
        "localhost",
        "{\"plugin\":\"mysql_native_password\",\"authentication_string\":\""
            + HASH
            + "\",\"auth_or\":[{},{\"plugin\":\"unix_socket\"}]}");
    AccountRecord record = directory.find("root", LOCAL).result().orElseThrow();
    assertEquals(1, record.stage2s().size());
  }

  @Test
  void an_account_without_a_native_password_is_not_admitted_by_one() {
    add("root", "localhost", "{\"plugin\":\"ed25519\",\"authentication_string\":\"x\"}");
    assertTrue(directory.find("root", LOCAL).result().orElseThrow().stage2s().isEmpty());
  }

  @Test
  void an_account_tells_what_else_admits_it_and_what_it_demands_of_a_connection() {
    add("a", "localhost", "{\"plugin\":\"ed25519\",\"ssl_type\":2}");
    add("b", "localhost", "{\"ssl_type\":1}");
    add("c", "localhost", "{\"ssl_type\":0}");
    AccountRecord a = directory.find("a", LOCAL).result().orElseThrow();
    assertEquals(List.of("ed25519"), a.others());
    assertEquals(AccountRecord.Demand.MORE_THAN_TLS, a.demand());
    assertEquals(
        AccountRecord.Demand.TLS, directory.find("b", LOCAL).result().orElseThrow().demand());
    assertEquals(
        AccountRecord.Demand.NOTHING, directory.find("c", LOCAL).result().orElseThrow().demand());
  }

  @Test
  void an_account_without_a_password_has_an_empty_hash() {
    add("root", "localhost", "{\"access\":0}");
    assertEquals(
        List.of(Bytes.EMPTY), directory.find("root", LOCAL).result().orElseThrow().stage2s());
  }

  @Test
  void accounts_are_read_again_only_after_a_definition_changed() {
    account("app", LOCAL);
    account("app", LOCAL);
    assertEquals(1, reads);
    add("app", "%", "{}");
    position = new Position(new Seq(9), new LogIndex(9), 0, new Seq(9));
    assertTrue(account("app", LOCAL).isPresent());
    assertEquals(2, reads);
  }

  private void add(String user, String host, String json) {
    rows.add(new AccountSource.Row(user, host, json));
  }

  private Optional<Account> account(String user, ClientHost host) {
    return directory.find(user, host).result().map(AccountRecord::account);
  }
}
