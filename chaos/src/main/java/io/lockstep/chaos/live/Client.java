package io.lockstep.chaos.live;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** One client thread: writes rows one after the other until it is told to stop. */
abstract class Client implements Runnable {
  /** Which gateways are known to be dead, so that errors there are expected. */
  interface Gateways {
    NodeProcess gateway(int index);

    int count();

    boolean disturbed(String node);
  }

  /** What the clients of one run share. */
  record Surroundings(
      Gateways gateways,
      Ledger ledger,
      Timeline timeline,
      Stalls stalls,
      Duration pause,
      AtomicBoolean stopped) {}

  final int number;
  private final Surroundings surroundings;

  /** The index of the gateway that this client uses now. */
  private int gateway;

  Client(int number, Surroundings surroundings) {
    this.number = number;
    this.surroundings = surroundings;
    this.gateway = number % surroundings.gateways().count();
  }

  final boolean stopped() {
    return surroundings.stopped().get();
  }

  final NodeProcess gateway() {
    return surroundings.gateways().gateway(gateway);
  }

  final void goToTheNextGateway() {
    gateway = (gateway + 1) % surroundings.gateways().count();
  }

  final void tell(Ledger.Row row, Ledger.Told told) {
    surroundings.ledger().tell(row, told);
  }

  final void acknowledged(NodeProcess gateway, Ledger.Row row) {
    tell(row, Ledger.Told.ACKNOWLEDGED);
    surroundings.timeline().acknowledged();
    surroundings.stalls().acknowledged(number, gateway.node(), surroundings.timeline().nowMs());
    if (!surroundings.pause().isZero()) {
      Waiting.sleep(surroundings.pause());
    }
  }

  /** An error counts against the cluster only when the gateway it came from was not disturbed. */
  final void error(NodeProcess gateway, String what) {
    surroundings.timeline().failed();
    if (surroundings.gateways().disturbed(gateway.node())) {
      surroundings.ledger().expected(what);
    } else {
      surroundings.ledger().unexpected(gateway.node() + ": " + what);
      surroundings.timeline().mark("error at " + gateway.node() + ": " + what);
    }
  }
}
