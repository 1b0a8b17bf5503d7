package io.lockstep.gateway;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The clients of one node, over all of its gateways, by the connection id that each was told. */
public final class Connections {
  /** How another session ends one. Called on any thread. */
  interface Victim {
    /** The account that it runs as. */
    String user();

    void kill(boolean queryOnly);
  }

  private static final long ID_MASK = 0x7fff_ffffL;

  private final AtomicInteger lastId = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final Map<Long, Victim> victims = new ConcurrentHashMap<>();

  /** Counts a client in, unless there are {@code max} already. */
  boolean admit(int max) {
    if (open.incrementAndGet() > max) {
      open.decrementAndGet();
      return false;
    }
    return true;
  }

  void left() {
    open.decrementAndGet();
  }

  long nextId() {
    return Integer.toUnsignedLong(lastId.incrementAndGet()) & ID_MASK;
  }

  void signedIn(long id, Victim victim) {
    victims.put(id, victim);
  }

  void signedOut(long id) {
    victims.remove(id);
  }

  Optional<Victim> find(long id) {
    return Optional.ofNullable(victims.get(id));
  }

  /** Sessions that are signed in, for the adverts and the status page. */
  public int sessions() {
    return victims.size();
  }
}
