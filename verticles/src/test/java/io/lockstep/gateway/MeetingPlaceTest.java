package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.bus.ManualTimers;
import io.lockstep.model.NodeId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MeetingPlaceTest implements SequencerHint {
  private static final NodeId HERE = new NodeId("n1");
  private static final NodeId THERE = new NodeId("n2");

  private final ManualTimers timers = new ManualTimers();
  private final MeetingPlace place = new MeetingPlace(TransactionPlace.TOGETHER, this, timers);
  private List<NodeId> nodes = List.of(HERE, THERE);
  private Optional<NodeId> sequencer = Optional.of(HERE);
  private Optional<NodeId> designated = Optional.of(HERE);

  @Override
  public Optional<NodeId> designated() {
    return designated;
  }

  @Override
  public Optional<NodeId> sequencer() {
    return sequencer;
  }

  @Override
  public List<NodeId> nodes() {
    return nodes;
  }

  private boolean meetsAll() {
    return place.meetsAllAt(HERE);
  }

  @Test
  void is_the_database_of_the_node_that_is_to_sequence_once_it_has_been_for_long() {
    assertFalse(meetsAll());
    timers.pass(MeetingPlace.LEFT_WITHIN);
    assertTrue(meetsAll());
    assertFalse(place.meetsAllAt(THERE));
  }

  @Test
  void stays_while_another_stands_in_for_that_node() {
    assertFalse(meetsAll());
    timers.pass(MeetingPlace.LEFT_WITHIN);
    sequencer = Optional.of(THERE);
    assertTrue(meetsAll());
    assertEquals(Optional.of(HERE), place.place());
  }

  @Test
  void is_where_the_order_is_when_nobody_can_tell_who_is_to_sequence() {
    designated = Optional.empty();
    sequencer = Optional.of(THERE);
    assertEquals(Optional.of(THERE), place.place());
  }

  @Test
  void is_in_doubt_anew_when_another_node_is_to_sequence() {
    assertFalse(meetsAll());
    timers.pass(MeetingPlace.LEFT_WITHIN);
    designated = Optional.of(THERE);
    assertFalse(meetsAll());
    assertFalse(place.meetsAllAt(THERE));
    timers.pass(MeetingPlace.LEFT_WITHIN);
    assertTrue(place.meetsAllAt(THERE));
  }

  @Test
  void is_the_only_database_from_the_first_moment() {
    nodes = List.of(HERE);
    assertTrue(meetsAll());
  }

  @Test
  void is_nowhere_when_each_transaction_stays_where_its_session_is() {
    MeetingPlace spread = new MeetingPlace(TransactionPlace.SPREAD, this, timers);
    assertFalse(spread.meetsAllAt(HERE));
    timers.pass(MeetingPlace.LEFT_WITHIN);
    assertFalse(spread.meetsAllAt(HERE));
  }
}
