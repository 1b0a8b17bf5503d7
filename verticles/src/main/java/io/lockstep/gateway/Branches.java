package io.lockstep.gateway;

import io.lockstep.model.HandedOver;
import io.lockstep.model.InTheWay;
import io.lockstep.model.NodeId;
import io.lockstep.model.TableName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The open branches of one gateway's sessions, by connection. Lives on the gateway's context. */
final class Branches {
  private record Place(NodeId node, long connection) {}

  private final Map<Place, SessionTransaction> open = new HashMap<>();
  private final Map<SessionTransaction, Place> places = new HashMap<>();

  void opened(Backend backend, SessionTransaction transaction) {
    closed(transaction);
    Place place = new Place(backend.node(), backend.connection().greeting().connectionId());
    open.put(place, transaction);
    places.put(transaction, place);
  }

  void closed(SessionTransaction transaction) {
    Optional.ofNullable(places.remove(transaction)).ifPresent(open::remove);
  }

  /** How many there are. */
  int count() {
    return open.size();
  }

  /** Whether a transaction other than {@code own} has written or locked in one of these tables. */
  boolean holdsRows(SessionTransaction own, Supplier<Set<TableName>> tables) {
    if (open.isEmpty()) {
      return false;
    }
    Set<TableName> named = tables.get();
    return open.values().stream()
        .filter(other -> !other.equals(own))
        .anyMatch(other -> other.journal().touchesOneOf(named));
  }

  /**
   * Rolls back what has taken, or waits for, a lock that was let go for the order's sake: only what
   * is run again before its client hears of anything. A guess takes no lock away from a client that
   * was told that it has it.
   */
  void makeWay(HandedOver letGo) {
    open.entrySet().stream()
        .filter(one -> one.getKey().node().equals(letGo.node()))
        .map(Map.Entry::getValue)
        .filter(one -> one.journal().complete() && one.journal().guessed().isAfter(letGo.rows()))
        .toList()
        .forEach(SessionTransaction::makeWay);
  }

  /** Rolls back what is in an applier's way. */
  void makeWay(InTheWay way) {
    List.copyOf(way.connections()).stream()
        .map(connection -> new Place(way.node(), connection))
        .flatMap(place -> Optional.ofNullable(open.get(place)).stream())
        .forEach(SessionTransaction::makeWay);
  }
}
