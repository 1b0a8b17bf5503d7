package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.gateway.accounts.AccountDirectory;
import io.lockstep.gateway.accounts.AccountRecord;
import io.lockstep.gateway.accounts.ClientHost;
import io.lockstep.model.Applied;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.WriteId;
import io.lockstep.mysql.Capabilities;
import io.lockstep.mysql.Collations;
import io.lockstep.mysql.NativePassword;
import io.lockstep.sql.Assignment;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Runs single statements for other front doors, each in a session of its own, on the gateway's
 * context. May be called from any context.
 */
final class Statements implements StatementService {
  private static final Duration ASK_WITHIN = Duration.ofSeconds(2);
  private static final int CAPABILITIES =
      Capabilities.PROTOCOL_41 | Capabilities.MULTI_RESULTS | Capabilities.TRANSACTIONS;

  private final SessionParts parts;
  private final AccountDirectory accounts;
  private final Context context;

  Statements(SessionParts parts, AccountDirectory accounts, Context context) {
    this.parts = parts;
    this.accounts = accounts;
    this.context = context;
  }

  @Override
  public Future<Identity> authenticate(String user, String password, String clientAddress) {
    return here(
        () -> {
          ClientHost host = ClientHost.of(clientAddress);
          return accounts.find(user, host).compose(found -> verified(found, user, password, host));
        });
  }

  private static Future<Identity> verified(
      Optional<AccountRecord> found, String user, String password, ClientHost host) {
    Bytes stage1 = password.isEmpty() ? Bytes.EMPTY : NativePassword.stage1(password);
    Bytes stage2 = password.isEmpty() ? Bytes.EMPTY : NativePassword.stage2(stage1);
    MySqlError denied = Login.denied(user, host, !password.isEmpty());
    return found
        .filter(record -> record.stage2s().contains(stage2))
        .map(
            record -> {
              Identity identity = new Identity(record.account(), user, host.address(), stage1);
              return Login.unmet(record, false, identity)
                  .<Future<Identity>>map(
                      error -> Future.failedFuture(new ClientErrorException(error)))
                  .orElseGet(() -> Future.succeededFuture(identity));
            })
        .orElseGet(() -> Future.failedFuture(new ClientErrorException(denied)));
  }

  @Override
  public Future<StatementResult> execute(StatementRequest request, RowSink rows) {
    Context taker = parts.vertx().getOrCreateContext();
    RowSink sink = taker == context ? rows : new HoppingSink(rows, taker, context);
    return here(
        () ->
            replayed(request)
                .compose(
                    known ->
                        known
                            .map(applied -> replay(applied, sink))
                            .orElseGet(() -> run(request, sink))));
  }

  /** A repetition is answered as the first without being analysed. */
  private Future<Optional<Applied>> replayed(StatementRequest request) {
    return request
        .idempotent()
        .map(
            id ->
                parts
                    .ports()
                    .bus()
                    .ask(Addresses.ASK_OUTCOME, parts.ports().self(), id, ASK_WITHIN)
                    .otherwise(Optional.empty()))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  private static Future<StatementResult> replay(Applied applied, RowSink rows) {
    return applied
        .outcome()
        .fold(
            done ->
                returned(done, rows).map(taken -> new StatementResult(done, applied.seq(), true)),
            failed ->
                Future.failedFuture(
                    new ClientErrorException(
                        new MySqlError(failed.code(), failed.sqlState(), failed.message()))),
            refused -> Future.failedFuture(new KeyReusedException()));
  }

  /** What RETURNING had answered. */
  private static Future<Void> returned(Outcome.Done done, RowSink rows) {
    if (done.packets().isEmpty()) {
      return Future.succeededFuture();
    }
    RowAnswer answer = new RowAnswer(rows);
    answer.packets(done.packets());
    return answer.taken();
  }

  private Future<StatementResult> run(StatementRequest request, RowSink rows) {
    SessionState state =
        new SessionState(
            SessionId.ofConnection(parts.random().nextLong(), parts.random().nextLong()),
            parts.ports().connections().nextId());
    state.schema(request.database());
    state.saw(request.notBefore());
    BackendFace face =
        new BackendFace(request.identity(), CAPABILITIES, Collations.UTF8MB4_GENERAL_CI, 0);
    Session session = new Session(parts, state, face, false);
    session.access().set(request.readOnly(), Assignment.Scope.SESSION);
    session.keyed(request.idempotent());
    RowAnswer answer = new RowAnswer(rows);
    return session
        .run(request.sql(), answer)
        .compose(done -> answer.taken())
        .compose(taken -> result(session, answer, request.idempotent()))
        .eventually(
            () -> {
              session.close();
              return Future.succeededFuture();
            })
        .recover(Statements::known);
  }

  private Future<StatementResult> result(
      Session session, RowAnswer answer, Optional<WriteId> keyed) {
    if (answer.failure().isPresent()) {
      return Future.failedFuture(new ClientErrorException(answer.failure().get()));
    }
    SessionState state = session.state();
    Outcome.Done done =
        state
            .lastWrite()
            .map(outcome -> outcome.fold(was -> was, failed -> answer.done(), r -> answer.done()))
            .orElseGet(answer::done);
    Seq read =
        session
            .mastership()
            .current()
            .map(backend -> parts.progress().known(backend.node()))
            .orElse(Seq.NONE);
    Seq token = read.isAfter(state.seen()) && keyed.isEmpty() ? read : state.seen();
    return Future.succeededFuture(new StatementResult(done, token, false));
  }

  /** What the interface promises, instead of what only this package knows. */
  private static Future<StatementResult> known(Throwable cause) {
    return Future.failedFuture(Failures.forClient(cause));
  }

  private <T> Future<T> here(Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    Context caller = parts.vertx().getOrCreateContext();
    context.runOnContext(
        now ->
            work.get()
                .onComplete(
                    result ->
                        caller.runOnContext(
                            back -> {
                              if (result.succeeded()) {
                                promise.tryComplete(result.result());
                              } else {
                                promise.tryFail(result.cause());
                              }
                            })));
    return promise.future();
  }
}
