package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.sql.Assignment;
import io.lockstep.sql.Facts;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads out of a SET what it makes of the session's read-only mode, and what else it sets. */
final class ModeSetting {
  private static final Set<String> READ_ONLY_MODE = Set.of("tx_read_only", "transaction_read_only");

  private ModeSetting() {}

  /** Whether the session is asked to be read-only, or not to be, where that is the question. */
  static Optional<Boolean> of(Assignment one) {
    return one.fold(
        system ->
            READ_ONLY_MODE.contains(system.name())
                ? Optional.of(SettingChange.ON.contains(SettingChange.value(system.value())))
                : Optional.empty(),
        user -> Optional.empty(),
        names -> Optional.empty(),
        characterSet -> Optional.empty(),
        transaction ->
            transaction.characteristics().contains("READ ONLY")
                ? Optional.of(true)
                : transaction.characteristics().contains("READ WRITE")
                    ? Optional.of(false)
                    : Optional.empty(),
        role -> Optional.empty());
  }

  /**
   * The same SET for a backend, which only reads whatever the client asks; empty where the mode
   * cannot be told apart, or something else might become of it than a setting.
   */
  static Optional<Bytes> others(Facts facts, List<Assignment> all) {
    List<String> texts =
        all.stream()
            .flatMap(one -> one.systemVariable().stream())
            .filter(one -> one.scope() == Assignment.Scope.SESSION)
            .map(one -> "SESSION " + one.name() + "=" + valueAtBackend(one))
            .toList();
    boolean apart =
        texts.size() == all.size() && !facts.callsUnknownFunction() && !facts.looksAtRows();
    return apart
        ? Optional.of(Bytes.ofLatin1("SET " + String.join(", ", texts)))
        : Optional.empty();
  }

  private static String valueAtBackend(Assignment.SystemVariable one) {
    return READ_ONLY_MODE.contains(one.name()) ? "1" : one.value().latin1();
  }
}
