package io.lockstep.sql;

import io.lockstep.sql.StatementClass.Locking;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads LOCK TABLES and FLUSH TABLES … WITH READ LOCK (MariaDB: table_lock_list in sql_yacc.yy).
 */
final class LockReader {
  private final Tokens tokens;
  private int at;

  LockReader(Tokens tokens) {
    this.tokens = tokens;
  }

  /** Nothing when the text is no such statement after all. */
  Optional<StatementClass> lock() {
    at = 2;
    List<LockWanted> wanted = new ArrayList<>();
    do {
      Optional<LockWanted> table = table();
      if (table.isEmpty()) {
        return Optional.empty();
      }
      wanted.add(table.get());
    } while (comma());
    OptionalInt seconds = seconds();
    return atEnd() ? Optional.of(new Locking(false, false, wanted, seconds)) : Optional.empty();
  }

  /** FLUSH TABLES; {@code first} is behind that word. None of its tables has an alias. */
  StatementClass flush(int first) {
    at = first;
    List<LockWanted> wanted = new ArrayList<>();
    while (tokens.isName(at) && !tokens.is(at, "WITH")) {
      int name = at;
      at = NameList.after(tokens, name);
      NameList.table(tokens, name, false)
          .ifPresent(
              table ->
                  wanted.add(new LockWanted(table, table.name(), false, tokens.textOf(name, at))));
      comma();
    }
    return new Locking(false, true, wanted, OptionalInt.empty());
  }

  private Optional<LockWanted> table() {
    int name = at;
    Optional<TableRef> table = NameList.table(tokens, name, false);
    if (table.isEmpty()) {
      return Optional.empty();
    }
    at = NameList.after(tokens, name);
    String alias = table.get().name();
    if (tokens.is(at, "AS") || !isLockType()) {
      at += tokens.is(at, "AS") ? 1 : 0;
      if (!tokens.isName(at)) {
        return Optional.empty();
      }
      alias = tokens.name(at++);
    }
    int end = at;
    boolean write = tokens.isAny(at, "WRITE", "LOW_PRIORITY");
    if (!isLockType()) {
      return Optional.empty();
    }
    at += tokens.is(at, "LOW_PRIORITY") ? 2 : 1;
    at += tokens.isAny(at, write ? "CONCURRENT" : "LOCAL") ? 1 : 0;
    return Optional.of(new LockWanted(table.get(), alias, write, tokens.textOf(name, end)));
  }

  private boolean isLockType() {
    return tokens.isAny(at, "READ", "WRITE")
        || (tokens.is(at, "LOW_PRIORITY") && tokens.is(at + 1, "WRITE"));
  }

  private boolean comma() {
    boolean is = tokens.isSymbol(at, ',');
    at += is ? 1 : 0;
    return is;
  }

  private OptionalInt seconds() {
    if (tokens.is(at, "NOWAIT")) {
      at++;
      return OptionalInt.of(0);
    }
    boolean given =
        tokens.is(at, "WAIT")
            && at + 1 < tokens.count()
            && tokens.kind(at + 1) == TokenKind.INTEGER
            && tokens.raw(at + 1).length() < 9;
    if (!given) {
      return OptionalInt.empty();
    }
    at += 2;
    return OptionalInt.of(Integer.parseInt(tokens.raw(at - 1)));
  }

  private boolean atEnd() {
    return at >= tokens.count() || tokens.isSymbol(at, ';');
  }
}
