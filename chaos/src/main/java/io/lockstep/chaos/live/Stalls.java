package io.lockstep.chaos.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How long single clients had to wait for an answer at one and the same gateway. A client that goes
 * to another gateway has not stalled: its gateway died. Safe for many threads.
 */
final class Stalls {
  /** A machine with more threads than cores makes anybody wait for shorter times than this. */
  static final long STALL_MS = 1_000;

  /** One wait of a client, in ms from the start. */
  record Stall(int client, String gateway, long fromMs, long toMs) {
    long lastedMs() {
      return toMs - fromMs;
    }

    boolean touches(long beginMs, long endMs) {
      return fromMs < endMs && toMs > beginMs;
    }
  }

  private record Answer(String gateway, long atMs) {}

  private final Map<Integer, Answer> latest = new HashMap<>();
  private final List<Stall> stalls = new ArrayList<>();

  synchronized void acknowledged(int client, String gateway, long atMs) {
    Answer before = latest.put(client, new Answer(gateway, atMs));
    if (before != null && before.gateway().equals(gateway) && atMs - before.atMs() > STALL_MS) {
      stalls.add(new Stall(client, gateway, before.atMs(), atMs));
    }
  }

  /** What clients of other gateways than {@code dead} waited for between two moments. */
  synchronized Map<Integer, List<Stall>> ofSurvivors(List<String> dead, long fromMs, long toMs) {
    return stalls.stream()
        .filter(stall -> !dead.contains(stall.gateway()) && stall.touches(fromMs, toMs))
        .collect(Collectors.groupingBy(Stall::client));
  }
}
