package io.lockstep.runtime.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.load.Standing;
import io.lockstep.runtime.node.Health.Concern;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class The_health_of_a_node {
  private final Health health = new Health();

  private void started() {
    health.well(Concern.STARTING);
  }

  @Test
  void is_in_doubt_until_it_has_started() {
    assertEquals(List.of("the node is starting"), health.standing().notServing());
    assertEquals(List.of("the node is starting"), health.gateway().notServing());
    started();
    assertEquals(List.of(), health.standing().notServing());
  }

  @Test
  void gives_every_reason_until_it_is_over() {
    started();
    health.trouble(Concern.QUORUM, "no majority");
    health.trouble(Concern.DATABASE, "it does not answer");
    health.trouble(Concern.DATABASE, "it is started again");
    assertEquals(List.of("it is started again", "no majority"), health.standing().notServing());
    health.well(Concern.DATABASE);
    assertEquals(List.of("no majority"), health.standing().notServing());
  }

  @Test
  void does_not_keep_the_gateway_from_serving_while_only_its_own_database_is_away() {
    started();
    health.trouble(Concern.DATABASE, "it does not answer");
    assertEquals(List.of(), health.gateway().notServing());
    health.trouble(Concern.STOPPING, "the node is stopping");
    assertEquals(List.of("the node is stopping"), health.gateway().notServing());
  }

  @Test
  void tells_of_every_change_once() {
    List<List<String>> told = new ArrayList<>();
    health.onChange(() -> told.add(health.standing().notServing()));
    started();
    health.trouble(Concern.LOG, "the disk is full");
    health.trouble(Concern.LOG, "the disk is full");
    health.well(Concern.LOG);
    health.well(Concern.LOG);
    assertEquals(List.of(List.of(), List.of("the disk is full"), List.of()), told);
  }

  @Test
  void keeps_no_longer_reason_than_fits_into_what_is_advertised() {
    started();
    health.trouble(Concern.LOG, "x".repeat(2 * Standing.REASON_LENGTH_MAX));
    assertEquals(Standing.REASON_LENGTH_MAX, health.standing().notServing().get(0).length());
  }
}
