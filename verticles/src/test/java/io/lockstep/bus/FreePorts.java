package io.lockstep.bus;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Ports on loopback that nobody listens at. */
public final class FreePorts {
  /** Ports in a row that a demo of a few nodes is given. */
  public static final int BLOCK = 60;

  private static final int DEATH_WATCH_OFFSET = 10_000;
  private static final int BLOCKS_FROM = 10_200;

  /** So many that no block reaches the ports that members of other blocks listen at besides. */
  private static final int BLOCKS = DEATH_WATCH_OFFSET / BLOCK;

  /** Test processes that run side by side, each with blocks of its own. */
  private static final int FORKS = 2;

  /** The number of this one of them, from 1; none where there is only one. */
  private static final String FORK = "lockstep.test.fork";

  private FreePorts() {}

  /**
   * The first of {@link #BLOCK} in a row, and with them those that members of a cluster listen at
   * besides. All lie below the ports that the system gives to outgoing connections, so that none is
   * taken between this look and the use.
   */
  public static int block() {
    List<Integer> own = blocksOf(Integer.getInteger(FORK, 1));
    int start = ThreadLocalRandom.current().nextInt(own.size());
    return IntStream.range(0, own.size())
        .map(i -> own.get((start + i) % own.size()))
        .filter(FreePorts::isFreeBlock)
        .findFirst()
        .orElseThrow();
  }

  /** The first port of each block of one of the processes. */
  static List<Integer> blocksOf(int fork) {
    int blocks = BLOCKS / FORKS;
    int from = BLOCKS_FROM + fork % FORKS * blocks * BLOCK;
    return IntStream.range(0, blocks).mapToObj(i -> from + i * BLOCK).toList();
  }

  /** Every port that a block keeps for its cluster. */
  static IntStream portsOf(int first) {
    return IntStream.range(first, first + BLOCK)
        .flatMap(port -> IntStream.of(port, port + DEATH_WATCH_OFFSET));
  }

  private static boolean isFreeBlock(int first) {
    return portsOf(first).allMatch(FreePorts::isFree);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  /** The first so many of a block. */
  public static List<Integer> take(int count) {
    int first = block();
    return IntStream.range(first, first + count).boxed().toList();
  }
}
