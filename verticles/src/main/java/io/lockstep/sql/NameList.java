package io.lockstep.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads names, qualified or not, and lists of them. */
final class NameList {
  private NameList() {}

  /** The table named at {@code i}, or nothing. */
  static Optional<TableRef> table(Tokens tokens, int i, boolean written) {
    if (!tokens.isName(i)) {
      return Optional.empty();
    }
    if (tokens.isSymbol(i + 1, '.') && tokens.isName(i + 2)) {
      return Optional.of(new TableRef(Optional.of(tokens.name(i)), tokens.name(i + 2), written));
    }
    return Optional.of(new TableRef(Optional.empty(), tokens.name(i), written));
  }

  /** The index behind the table named at {@code i}. */
  static int after(Tokens tokens, int i) {
    return tokens.isSymbol(i + 1, '.') && tokens.isName(i + 2) ? i + 3 : i + 1;
  }

  /** Tables with commas between them, from {@code i} on; what stands behind each is passed over. */
  static List<TableRef> tables(Tokens tokens, int i, boolean written) {
    List<TableRef> tables = new ArrayList<>();
    int at = i;
    while (tokens.isName(at)) {
      table(tokens, at, written).ifPresent(tables::add);
      at = after(tokens, at);
      while (at < tokens.count() && !tokens.isSymbol(at, ',')) {
        at = tokens.isSymbol(at, '(') ? tokens.closing(at) + 1 : at + 1;
      }
      at++;
    }
    return tables;
  }
}
