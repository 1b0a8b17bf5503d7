package io.lockstep.gateway;

import java.util.Locale;
import java.util.Optional;

/** How recent a session's reads are: the variable {@code lockstep_consistency}. */
enum Consistency {
  /** They see the session's own writes, also after it has moved. */
  SESSION,
  /** Linearizable: they see every write that was acknowledged to anybody before they began. */
  STRONG,
  /** They wait for nothing. */
  ANY;

  static Optional<Consistency> of(String name) {
    for (Consistency one : values()) {
      if (one.word().equals(name.toLowerCase(Locale.ROOT))) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  /** As it is written in SQL. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
