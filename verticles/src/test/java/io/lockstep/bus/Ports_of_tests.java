package io.lockstep.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class Ports_of_tests {
  private static final int OUTGOING_FROM = 32_768;

  private final List<Integer> ports =
      Stream.of(1, 2)
          .flatMap(fork -> FreePorts.blocksOf(fork).stream())
          .flatMap(block -> FreePorts.portsOf(block).boxed())
          .toList();

  @Test
  void belong_to_one_block_of_one_process_each() {
    assertEquals(ports.size(), ports.stream().distinct().count());
  }

  @Test
  void lie_below_those_of_outgoing_connections() {
    assertTrue(ports.stream().allMatch(port -> port < OUTGOING_FROM));
  }
}
