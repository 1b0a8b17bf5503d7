package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;

/** Hands rows from the session's context over to the context of their taker. */
record HoppingSink(RowSink rows, Context taker, Context session) implements RowSink {
  @Override
  public void columns(List<Column> columns) {
    taker.runOnContext(there -> rows.columns(columns));
  }

  @Override
  public Future<Void> row(List<Optional<Bytes>> values) {
    Promise<Void> taken = Promise.promise();
    taker.runOnContext(
        there ->
            rows.row(values)
                .onComplete(result -> session.runOnContext(back -> complete(taken, result))));
    return taken.future();
  }

  private static void complete(Promise<Void> taken, AsyncResult<Void> result) {
    if (result.succeeded()) {
      taken.tryComplete();
    } else {
      taken.tryFail(result.cause());
    }
  }
}
