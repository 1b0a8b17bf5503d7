package io.lockstep.mysql;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.function.BiFunction;

/** Connects to a database and logs in, within a time. On the context that it was made on. */
final class BackendDialing {
  private final Vertx vertx;
  private final ContextInternal context;
  private final BackendOptions options;

  BackendDialing(Vertx vertx, BackendOptions options) {
    this.vertx = vertx;
    this.context = (ContextInternal) vertx.getOrCreateContext();
    this.options = options;
  }

  ContextInternal context() {
    return context;
  }

  /** {@code opened} makes the connection of what was reached. */
  <T> Future<T> dial(NetClient client, BiFunction<NetSocket, BackendLogin.LoggedIn, T> opened) {
    Promise<BackendLogin.LoggedIn> promise = context.promise();
    long timer =
        vertx.setTimer(
            options.timeout().toMillis(),
            fired -> promise.tryFail(new BackendLostException("no login within its timeout")));
    Future<NetSocket> connecting =
        client
            .connect(options.address())
            .recover(
                cause ->
                    Future.failedFuture(
                        new BackendLostException("the database cannot be reached", cause)));
    return connecting
        .onFailure(promise::tryFail)
        .onSuccess(socket -> login(socket, promise))
        .eventually(() -> promise.future().transform(any -> Future.succeededFuture()))
        .compose(
            socket ->
                promise
                    .future()
                    .map(login -> opened.apply(socket, login))
                    .onFailure(refused -> socket.close()))
        .onComplete(any -> vertx.cancelTimer(timer));
  }

  private void login(NetSocket socket, Promise<BackendLogin.LoggedIn> promise) {
    BackendLogin login = new BackendLogin(socket, options, promise);
    socket.handler(login::feed);
    socket.exceptionHandler(
        cause -> promise.tryFail(new BackendLostException("lost during the login", cause)));
    socket.closeHandler(
        closed -> promise.tryFail(new BackendLostException("closed during the login")));
    options.proxy().ifPresent(header -> socket.write(header.encode()));
  }
}
