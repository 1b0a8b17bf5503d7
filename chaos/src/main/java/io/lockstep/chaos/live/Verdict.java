package io.lockstep.chaos.live;

import java.util.List;
import java.util.Map;

/**
 * How a run ended.
 *
 * @param violations what broke a promise; a run without any has passed
 * @param gapsMs per fault, the longest time without any acknowledgement around it
 */
record Verdict(
    String title,
    long acknowledged,
    long unknown,
    List<String> violations,
    List<Long> gapsMs,
    Map<String, Long> errors) {
  boolean passed() {
    return violations.isEmpty();
  }
}
