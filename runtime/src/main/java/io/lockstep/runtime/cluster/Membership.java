package io.lockstep.runtime.cluster;

import io.lockstep.model.NodeId;
import java.util.List;
import java.util.function.Consumer;

/** The nodes that see each other, as far as this one knows: a hint, never a proof. */
public interface Membership {
  /** The configured nodes in the present view, each once, in the order in which they joined. */
  List<NodeId> view();

  /** Calls {@code listener}, on any thread, after every change of the view. */
  void onChange(Runnable listener);

  /**
   * Calls {@code listener}, on any thread, with every node that has left the view. A node that was
   * started again may be back in it by then: what has left is its life before.
   */
  void onGone(Consumer<NodeId> listener);
}
