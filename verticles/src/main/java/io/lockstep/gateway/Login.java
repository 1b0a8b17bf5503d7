package io.lockstep.gateway;

import io.lockstep.gateway.accounts.AccountDirectory;
import io.lockstep.gateway.accounts.AccountRecord;
import io.lockstep.gateway.accounts.ClientHost;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.AuthSwitch;
import io.lockstep.mysql.Capabilities;
import io.lockstep.mysql.HandshakeResponse;
import io.lockstep.mysql.NativePassword;
import io.lockstep.mysql.PacketWriter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Finds out who a client is, by {@code mysql_native_password} (MariaDB: Connection, Initial
 * Handshake). Completes with what the client proved; fails with {@link ClientErrorException}.
 * Nothing is sent after the proof: whether the database admits the account decides the answer.
 */
final class Login {
  private final Client client;
  private final AccountDirectory accounts;
  private final Bytes salt;
  private final Promise<LoggedIn> promise = Promise.promise();

  Login(Client client, AccountDirectory accounts, Bytes salt) {
    this.client = client;
    this.accounts = accounts;
    this.salt = salt;
  }

  /** Waits for the answer to an initial handshake that has been sent. */
  Future<LoggedIn> begin(int offered) {
    client.receiver((payload, next) -> answered(payload, next, offered));
    return promise.future();
  }

  /** Judges a response that has come by other means (COM_CHANGE_USER). */
  Future<LoggedIn> judge(HandshakeResponse response, int capabilities, int next) {
    if (needsSwitch(response)) {
      askForNative(response, capabilities, next);
    } else {
      verify(response, response.answer(), capabilities, next);
    }
    return promise.future();
  }

  private void answered(Buffer payload, int next, int offered) {
    HandshakeResponse response = HandshakeResponse.decode(payload);
    judge(response, response.capabilities() & offered, next);
  }

  private static boolean needsSwitch(HandshakeResponse response) {
    return Capabilities.has(response.capabilities(), Capabilities.PLUGIN_AUTH)
        && !response.plugin().isEmpty()
        && !response.plugin().equals(NativePassword.PLUGIN);
  }

  private void askForNative(HandshakeResponse response, int capabilities, int next) {
    PacketWriter out = new PacketWriter(next);
    client.send(new AuthSwitch(NativePassword.PLUGIN, salt).encode(out).toBuffer());
    client.expect(next + 1);
    client.receiver(
        (payload, after) ->
            verify(response, Bytes.copyOf(payload.getBytes()), capabilities, after));
    client.ready();
  }

  private void verify(HandshakeResponse response, Bytes answer, int capabilities, int next) {
    client.busy();
    ClientHost host = ClientHost.of(client.address());
    accounts
        .find(response.user(), host)
        .onSuccess(
            found -> {
              Optional<Identity> identity =
                  found.flatMap(record -> identity(record, response.user(), host, answer));
              if (identity.isPresent()) {
                promise.complete(new LoggedIn(identity.get(), response, capabilities, next));
              } else {
                promise.fail(
                    new LoginRefusedException(denied(response.user(), host, answer), next));
              }
            })
        .onFailure(
            unread ->
                promise.fail(
                    new LoginRefusedException(
                        MySqlError.notReady("its accounts cannot be read"), next)));
  }

  private Optional<Identity> identity(
      AccountRecord record, String user, ClientHost host, Bytes answer) {
    for (Bytes stage2 : record.stage2s()) {
      Optional<Bytes> stage1 = stage1(answer, stage2);
      if (stage1.isPresent()) {
        return Optional.of(new Identity(record.account(), user, host.address(), stage1.get()));
      }
    }
    return Optional.empty();
  }

  private Optional<Bytes> stage1(Bytes answer, Bytes stage2) {
    if (stage2.length() == 0) {
      return answer.length() == 0 ? Optional.of(Bytes.EMPTY) : Optional.empty();
    }
    return NativePassword.verify(answer, salt, stage2);
  }

  /** 1045 in the server's own words. */
  static MySqlError denied(String user, ClientHost host, Bytes answer) {
    return new MySqlError(
        1045,
        "28000",
        "Access denied for user '"
            + user
            + "'@'"
            + host.name()
            + "' (using password: "
            + (answer.length() > 0 ? "YES" : "NO")
            + ")");
  }
}
