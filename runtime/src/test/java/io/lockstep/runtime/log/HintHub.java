package io.lockstep.runtime.log;

import io.lockstep.model.NodeId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Carries hints between the nodes of one process, on the teller's thread. */
final class HintHub {
  private final Map<NodeId, Consumer<CommitHint>> listeners = new ConcurrentHashMap<>();

  void forget(NodeId node) {
    listeners.remove(node);
  }

  CommitHints of(NodeId self) {
    return new CommitHints() {
      @Override
      public void tell(CommitHint hint) {
        listeners.forEach(
            (node, listener) -> {
              if (!node.equals(self)) {
                listener.accept(hint);
              }
            });
      }

      @Override
      public void hear(Consumer<CommitHint> listener) {
        listeners.put(self, listener);
      }
    };
  }
}
