package io.lockstep.chaos.live;

import java.util.concurrent.atomic.AtomicBoolean;

/** One client thread: writes rows one after the other until it is told to stop. */
abstract class Client implements Runnable {
  /** Which gateways are known to be dead, so that errors there are expected. */
  interface Gateways {
    NodeProcess gateway(int index);

    int count();

    boolean disturbed(String node);
  }

  final int number;
  final Gateways gateways;
  final Ledger ledger;
  final Timeline timeline;
  private final AtomicBoolean stopped;

  Client(int number, Gateways gateways, Ledger ledger, Timeline timeline, AtomicBoolean stopped) {
    this.number = number;
    this.gateways = gateways;
    this.ledger = ledger;
    this.timeline = timeline;
    this.stopped = stopped;
  }

  final boolean stopped() {
    return stopped.get();
  }

  /** An error counts against the cluster only when the gateway it came from was not disturbed. */
  final void error(NodeProcess gateway, String what) {
    timeline.failed();
    if (gateways.disturbed(gateway.node())) {
      ledger.expected(what);
    } else {
      ledger.unexpected(gateway.node() + ": " + what);
      timeline.mark("error at " + gateway.node() + ": " + what);
    }
  }
}
