package io.lockstep.mysql;

import io.vertx.core.Promise;
import java.util.ArrayDeque;

/** One reply being collected from a scripted stream. */
final class Collected {
  private final Promise<Reply> promise = Promise.promise();
  private final FrameScanner scanner;

  Collected(ReplyShape shape) {
    this(shape, 1 << 30);
  }

  Collected(ReplyShape shape, long bytesMax) {
    ArrayDeque<Exchange> waiting = new ArrayDeque<>();
    waiting.add(new CollectExchange(1, 1, shape, Capabilities.SESSION_TRACK, bytesMax, promise));
    scanner =
        new FrameScanner(
            waiting,
            Exchange::finish,
            extra -> {
              throw ProtocolException.malformed("more came than the reply has");
            });
  }

  FrameScanner scanner() {
    return scanner;
  }

  boolean done() {
    return promise.future().isComplete();
  }

  Reply reply() {
    return promise.future().result();
  }

  Throwable failure() {
    return promise.future().cause();
  }
}
