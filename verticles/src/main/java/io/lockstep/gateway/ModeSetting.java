package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.sql.Assignment;
import io.lockstep.sql.Facts;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads out of a SET what it makes of the session's read-only mode, and what else it sets. */
final class ModeSetting {
  private static final Set<String> READ_ONLY_MODE = Set.of("tx_read_only", "transaction_read_only");

  private static final Pattern WORD = Pattern.compile("[a-z0-9_]+");

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
    List<String> texts = all.stream().flatMap(one -> atBackend(one).stream()).toList();
    boolean apart =
        texts.size() == all.size() && !facts.callsUnknownFunction() && !facts.looksAtRows();
    return apart
        ? Optional.of(Bytes.ofLatin1("SET " + String.join(", ", texts)))
        : Optional.empty();
  }

  private static Optional<String> atBackend(Assignment one) {
    return one.fold(
        system ->
            Optional.of("SESSION " + system.name() + "=" + valueAtBackend(system))
                .filter(text -> system.scope() == Assignment.Scope.SESSION),
        user ->
            Optional.of("@" + user.name() + "=" + user.value().latin1())
                .filter(text -> isWord(user.name())),
        names ->
            Optional.of(
                    "NAMES "
                        + names.charset()
                        + (names.collation().isEmpty() ? "" : " COLLATE " + names.collation()))
                .filter(text -> isWord(names.charset()))
                .filter(text -> names.collation().isEmpty() || isWord(names.collation())),
        characterSet ->
            Optional.of("CHARACTER SET " + characterSet.charset())
                .filter(text -> isWord(characterSet.charset())),
        transaction -> Optional.empty(),
        role -> Optional.empty());
  }

  /** Whether it can stand in a statement as it is. */
  private static boolean isWord(String name) {
    return WORD.matcher(name).matches();
  }

  private static String valueAtBackend(Assignment.SystemVariable one) {
    return READ_ONLY_MODE.contains(one.name()) ? "1" : one.value().latin1();
  }
}
