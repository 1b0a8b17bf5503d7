package io.lockstep.runtime.log;

import io.lockstep.model.NodeId;
import io.lockstep.model.Require;

/** Where one member of the ordered log listens for the others. */
public record LogPeer(NodeId node, String host, int port) {
  public LogPeer {
    Require.that(!host.isEmpty(), "a log peer has a host");
    Require.that(port > 0 && port < 65_536, "a log port is 1 to 65535, was " + port);
  }

  String address() {
    return host + ":" + port;
  }
}
