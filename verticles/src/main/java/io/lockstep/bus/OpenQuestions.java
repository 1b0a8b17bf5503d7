package io.lockstep.bus;

import io.lockstep.model.NodeId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Questions that wait for an answer, each until its own bound: those to a node that is gone need
 * not wait for that. Safe on any thread; every answer is told on the context that asked.
 */
final class OpenQuestions {
  private record Open(NodeId to, Context asker, Promise<Object> answer) {}

  private final Vertx vertx;
  private final Set<Open> all = ConcurrentHashMap.newKeySet();

  OpenQuestions(Vertx vertx) {
    this.vertx = vertx;
  }

  /** The same answer, or {@link BusException.Reason#NO_ANSWER} as soon as the node is gone. */
  @SuppressWarnings("unchecked")
  <A> Future<A> put(NodeId to, Future<A> asked) {
    Open open = new Open(to, vertx.getOrCreateContext(), Promise.promise());
    all.add(open);
    asked.onComplete(
        answer -> {
          all.remove(open);
          if (answer.succeeded()) {
            open.answer.tryComplete(answer.result());
          } else {
            open.answer.tryFail(answer.cause());
          }
        });
    return (Future<A>) open.answer.future();
  }

  /** Whoever waits for this node is told that no answer will come. */
  void gone(NodeId node) {
    for (Open open : all) {
      if (open.to.equals(node)) {
        open.asker.runOnContext(
            now -> open.answer.tryFail(new BusException(BusException.Reason.NO_ANSWER, node)));
      }
    }
  }
}
