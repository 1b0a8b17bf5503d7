package io.lockstep.mysql;

import io.vertx.core.net.NetClientOptions;

/** The options of the TCP connections to databases. */
public final class BackendSockets {
  private BackendSockets() {}

  /**
   * Both sides send as soon as they can. A database speaks first, and does not know of a connection
   * before the last packet of its opening, which Linux holds back for up to 200 ms without quick
   * acknowledgements (tcp(7): TCP_QUICKACK).
   */
  public static NetClientOptions options() {
    return new NetClientOptions().setTcpNoDelay(true).setTcpQuickAck(true);
  }
}
