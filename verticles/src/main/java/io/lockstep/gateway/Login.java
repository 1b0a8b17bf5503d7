package io.lockstep.gateway;

import io.lockstep.gateway.accounts.AccountRecord;
import io.lockstep.gateway.accounts.ClientHost;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.AuthSwitch;
import io.lockstep.mysql.HandshakeResponse;
import io.lockstep.mysql.NativePassword;
import io.lockstep.mysql.PacketWriter;
import io.lockstep.mysql.ProtocolException;
import io.lockstep.mysql.ServerTls;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * Finds out who a client is, by {@code mysql_native_password} (MariaDB: Connection, Initial
 * Handshake); clients that begin with another plugin are asked for it. Completes with what the
 * client proved; fails with {@link LoginRefusedException}. Nothing is sent after the proof: whether
 * the database admits the account decides the answer.
 */
final class Login {
  private final Client client;
  private final UpToDateAccounts accounts;
  private final Bytes salt;
  private final TlsPolicy tls;
  private final Promise<LoggedIn> promise = Promise.promise();

  Login(Client client, UpToDateAccounts accounts, Bytes salt, TlsPolicy tls) {
    this.client = client;
    this.accounts = accounts;
    this.salt = salt;
    this.tls = tls;
  }

  /** Waits for the answer to an initial handshake that has been sent. */
  Future<LoggedIn> begin(long offered) {
    client.receiver((payload, next) -> answered(payload, next, offered));
    return promise.future();
  }

  /** Judges a response that has come by other means (COM_CHANGE_USER). */
  Future<LoggedIn> judge(HandshakeResponse response, long capabilities, int next) {
    Optional<Proof> proof = Proof.of(response, salt, client.secured());
    if (proof.isPresent()) {
      verify(response, proof.get(), capabilities, next);
    } else {
      askForNative(response, capabilities, next);
    }
    return promise.future();
  }

  private void answered(Buffer payload, int next, long offered) {
    if (HandshakeResponse.asksForTls(payload) && !client.secured()) {
      ServerTls server =
          tls.server().orElseThrow(() -> ProtocolException.badHandshake("TLS is not offered"));
      // The response follows the request; there is no answer between them.
      client.expect(next);
      client.startTls(server);
      return;
    }
    HandshakeResponse response = HandshakeResponse.decode(payload);
    if (tls.required() && !client.secured()) {
      client.busy();
      promise.fail(new LoginRefusedException(TlsPolicy.REQUIRED, next));
      return;
    }
    judge(response, response.capabilities() & offered, next);
  }

  private void askForNative(HandshakeResponse response, long capabilities, int next) {
    PacketWriter out = new PacketWriter(next);
    client.send(new AuthSwitch(NativePassword.PLUGIN, salt).encode(out).toBuffer());
    client.expect(next + 1);
    client.receiver(
        (payload, after) ->
            verify(
                response,
                new Proof.Native(Bytes.copyOf(payload.getBytes()), salt),
                capabilities,
                after));
    client.ready();
  }

  private void verify(HandshakeResponse response, Proof proof, long capabilities, int next) {
    client.busy();
    ClientHost host = ClientHost.of(client.address());
    accounts
        .find(
            response.user(),
            host,
            record -> identity(record, response.user(), host, proof).isPresent())
        .onSuccess(
            found -> {
              Optional<Identity> identity =
                  found.flatMap(record -> identity(record, response.user(), host, proof));
              Optional<MySqlError> refusal =
                  identity.isPresent()
                      ? found.flatMap(record -> unmet(record, client.secured(), identity.get()))
                      : Optional.of(
                          found
                              .flatMap(Login::impossible)
                              .orElse(denied(response.user(), host, proof.given())));
              if (refusal.isPresent()) {
                promise.fail(new LoginRefusedException(refusal.get(), next));
              } else {
                promise.complete(
                    new LoggedIn(identity.orElseThrow(), response, capabilities, next));
              }
            })
        .onFailure(
            unread ->
                promise.fail(
                    new LoginRefusedException(
                        MySqlError.notReady("its accounts cannot be read"), next)));
  }

  private static Optional<Identity> identity(
      AccountRecord record, String user, ClientHost host, Proof proof) {
    boolean tlsOnly = record.demand() != AccountRecord.Demand.NOTHING;
    return record.stage2s().stream()
        .flatMap(stage2 -> proof.stage1(stage2).stream())
        .map(stage1 -> new Identity(record.account(), user, host.address(), stage1, tlsOnly))
        .findFirst();
  }

  /** What the account demands of its connections, and this one has not. */
  static Optional<MySqlError> unmet(AccountRecord record, boolean secured, Identity identity) {
    return switch (record.demand()) {
      case NOTHING -> Optional.empty();
      case TLS ->
          secured
              ? Optional.empty()
              : Optional.of(
                  denied(
                      identity.user(),
                      ClientHost.of(identity.address()),
                      identity.stage1().length() > 0));
      case MORE_THAN_TLS ->
          Optional.of(
              MySqlError.notSupported(
                  "accounts that REQUIRE a certificate or a cipher; REQUIRE SSL works"));
    };
  }

  /** An account that only plugins admit which a gateway between client and database cannot do. */
  private static Optional<MySqlError> impossible(AccountRecord record) {
    List<String> others = record.others();
    return record.stage2s().isEmpty() && !others.isEmpty()
        ? Optional.of(
            MySqlError.notSupported(
                "accounts that sign in by "
                    + String.join(" or ", others)
                    + "; add OR "
                    + NativePassword.PLUGIN
                    + " to the account"))
        : Optional.empty();
  }

  /** 1045 in the server's own words. */
  static MySqlError denied(String user, ClientHost host, boolean password) {
    return new MySqlError(
        1045,
        "28000",
        "Access denied for user '"
            + user
            + "'@'"
            + host.name()
            + "' (using password: "
            + (password ? "YES" : "NO")
            + ")");
  }
}
