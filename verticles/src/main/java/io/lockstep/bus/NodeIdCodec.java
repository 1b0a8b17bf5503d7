package io.lockstep.bus;

import io.lockstep.model.NodeId;

/** Version 1: the node's name. */
public final class NodeIdCodec implements BodyCodec<NodeId> {
  private static final int VERSION = 1;

  @Override
  public void write(BodyWriter out, NodeId message) {
    out.u8(VERSION).node(message);
  }

  @Override
  public NodeId read(BodyReader in) {
    in.expectVersion(VERSION);
    return in.node();
  }
}
