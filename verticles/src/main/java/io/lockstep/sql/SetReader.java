package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.sql.Assignment.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Takes a SET statement apart. */
final class SetReader {
  /** By {@code @@} and no scope these are set for the next transaction, as SET TRANSACTION does. */
  private static final Set<String> OF_TRANSACTIONS =
      Set.of("tx_isolation", "transaction_isolation", "tx_read_only", "transaction_read_only");

  private final Tokens tokens;
  private final List<Assignment> assignments = new ArrayList<>();
  private boolean understood = true;

  /** SESSION or GLOBAL holds for the names behind it as well, up to the next such word. */
  private String scope = "";

  SetReader(Tokens tokens) {
    this.tokens = tokens;
  }

  /** Nothing when it is not understood. */
  Optional<StatementClass> read() {
    return assignments(1, tokens.count()).map(StatementClass.SessionSetting::new);
  }

  /** The assignments between two tokens; nothing when they are not understood. */
  Optional<List<Assignment>> assignments(int from, int to) {
    int i = from;
    while (i < to && understood) {
      int end = Math.min(endOfItem(i), to);
      item(i, end);
      i = end + 1;
    }
    return understood && !assignments.isEmpty() ? Optional.of(assignments) : Optional.empty();
  }

  private int endOfItem(int from) {
    // The characteristics of a transaction are a list of their own.
    if (isTransaction(from)) {
      return tokens.count();
    }
    int i = from;
    while (i < tokens.count() && !tokens.isSymbol(i, ',')) {
      i = tokens.isSymbol(i, '(') ? tokens.closing(i) + 1 : i + 1;
    }
    return Math.min(i, tokens.count());
  }

  private boolean isTransaction(int i) {
    return tokens.is(i, "TRANSACTION")
        || (tokens.isAny(i, "SESSION", "LOCAL", "GLOBAL") && tokens.is(i + 1, "TRANSACTION"));
  }

  private void item(int i, int end) {
    if (isTransaction(i)) {
      transaction(i);
    } else if (tokens.is(i, "NAMES")) {
      names(i + 1, end);
    } else if (tokens.is(i, "CHARSET")) {
      assignments.add(new Assignment.CharacterSet(word(i + 1)));
    } else if (tokens.isAny(i, "CHARACTER", "CHAR") && tokens.is(i + 1, "SET")) {
      assignments.add(new Assignment.CharacterSet(word(i + 2)));
    } else if (tokens.is(i, "ROLE") && !isEquals(i + 1)) {
      assignments.add(new Assignment.Role(tokens.textOf(i + 1, end)));
    } else if (tokens.kind(i) == TokenKind.USER_VARIABLE && isEquals(i + 1)) {
      String name = tokens.name(i).toLowerCase(Locale.ROOT);
      assignments.add(new Assignment.UserVariable(name, value(i + 2, end)));
    } else if (tokens.kind(i) == TokenKind.SYSTEM_VARIABLE) {
      String name = tokens.raw(i).substring(2);
      boolean next = OF_TRANSACTIONS.contains(name.toLowerCase(Locale.ROOT));
      qualified(name, next ? Scope.NEXT : Scope.SESSION, i + 1, end);
    } else {
      scoped(i, end);
    }
  }

  private void scoped(int i, int end) {
    boolean scoped = tokens.isAny(i, "SESSION", "LOCAL", "GLOBAL") && tokens.isName(i + 1);
    int name = scoped ? i + 1 : i;
    if (!tokens.isName(name)) {
      understood = false;
      return;
    }
    scope = scoped ? tokens.upper(i) + "." : scope;
    int next = name + 1;
    String text = tokens.name(name);
    while (tokens.isSymbol(next, '.') && tokens.isName(next + 1)) {
      text = text + "." + tokens.name(next + 1);
      next += 2;
    }
    qualified(scope + text, Scope.SESSION, next, end);
  }

  private void qualified(String name, Scope usual, int equals, int end) {
    if (!isEquals(equals)) {
      understood = false;
      return;
    }
    String lower = name.replace("`", "").toLowerCase(Locale.ROOT);
    Scope scope = lower.startsWith("global.") ? Scope.GLOBAL : usual;
    int dot = lower.indexOf('.');
    String bare =
        lower.startsWith("global.") || lower.startsWith("session.") || lower.startsWith("local.")
            ? lower.substring(dot + 1)
            : lower;
    assignments.add(new Assignment.SystemVariable(scope, bare, value(equals + 1, end)));
  }

  private Bytes value(int from, int end) {
    return tokens.textOf(from, end);
  }

  private boolean isEquals(int i) {
    return tokens.isSymbol(i, '=') || tokens.isAssign(i);
  }

  private void names(int i, int end) {
    int at = isEquals(i) ? i + 1 : i;
    String collation = tokens.is(at + 1, "COLLATE") && at + 2 < end ? word(at + 2) : "";
    assignments.add(new Assignment.Names(word(at), collation));
  }

  private String word(int i) {
    if (i >= tokens.count()) {
      understood = false;
      return "";
    }
    String text =
        tokens.kind(i) == TokenKind.STRING ? TokenText.string(tokens, i).latin1() : tokens.name(i);
    return text.toLowerCase(Locale.ROOT);
  }

  private void transaction(int i) {
    Scope scope =
        tokens.is(i, "GLOBAL")
            ? Scope.GLOBAL
            : tokens.is(i, "TRANSACTION") ? Scope.NEXT : Scope.SESSION;
    int from = tokens.is(i, "TRANSACTION") ? i + 1 : i + 2;
    StringBuilder text = new StringBuilder();
    for (int k = from; k < tokens.count(); k++) {
      if (text.length() > 0 && !tokens.isSymbol(k, ',')) {
        text.append(' ');
      }
      text.append(tokens.raw(k).toUpperCase(Locale.ROOT));
    }
    assignments.add(new Assignment.Transaction(scope, text.toString()));
  }
}
