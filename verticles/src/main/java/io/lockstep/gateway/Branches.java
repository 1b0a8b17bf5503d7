package io.lockstep.gateway;

import io.lockstep.model.InTheWay;
import io.lockstep.model.NodeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /** Rolls back what is in an applier's way. */
  void makeWay(InTheWay way) {
    List.copyOf(way.connections()).stream()
        .map(connection -> new Place(way.node(), connection))
        .flatMap(place -> Optional.ofNullable(open.get(place)).stream())
        .forEach(SessionTransaction::makeWay);
  }
}
