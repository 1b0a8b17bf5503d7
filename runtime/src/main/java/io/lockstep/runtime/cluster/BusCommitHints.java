package io.lockstep.runtime.cluster;

import io.lockstep.bus.BodyCodec;
import io.lockstep.bus.BodyReader;
import io.lockstep.bus.BodyWriter;
import io.lockstep.bus.Bus;
import io.lockstep.bus.Topic;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import io.lockstep.runtime.log.CommitHint;
import io.lockstep.runtime.log.CommitHints;
import io.vertx.core.Context;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Commit hints over the event bus. Only the newest that has not been sent yet is sent, so a burst
 * of commits costs one message to each node.
 */
final class BusCommitHints implements CommitHints {
  /** Version 1: term and index. */
  private static final class HintCodec implements BodyCodec<CommitHint> {
    private static final int VERSION = 1;

    @Override
    public void write(BodyWriter out, CommitHint hint) {
      out.u8(VERSION).i64(hint.term().value()).i64(hint.index().value());
    }

    @Override
    public CommitHint read(BodyReader in) {
      in.expectVersion(VERSION);
      return new CommitHint(new Term(in.i64()), new LogIndex(in.i64()));
    }
  }

  private static final Topic<CommitHint> TOPIC = new Topic<>("log.committed", new HintCodec());

  private final Bus bus;
  private final Context context;
  private final List<NodeId> others;

  /** The newest hint not sent yet; guarded by this. */
  private Optional<CommitHint> unsent = Optional.empty();

  BusCommitHints(Bus bus, Context context, List<NodeId> others) {
    this.bus = bus;
    this.context = context;
    this.others = others;
  }

  @Override
  public void tell(CommitHint hint) {
    if (isFirstOf(hint)) {
      context.runOnContext(
          ready -> {
            CommitHint newest = taken().orElse(hint);
            others.forEach(node -> bus.tell(TOPIC, node, newest));
          });
    }
  }

  private synchronized boolean isFirstOf(CommitHint hint) {
    boolean first = unsent.isEmpty();
    unsent = Optional.of(hint);
    return first;
  }

  private synchronized Optional<CommitHint> taken() {
    Optional<CommitHint> newest = unsent;
    unsent = Optional.empty();
    return newest;
  }

  @Override
  public void hear(Consumer<CommitHint> listener) {
    context.runOnContext(ready -> bus.hear(TOPIC, listener));
  }
}
