package io.lockstep.sql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Collects what a run of tokens mentions, in one pass. It knows where tables may stand (after FROM,
 * JOIN and their commas), and takes every name before a parenthesis for a call unless it is known
 * to be syntax: in doubt it reports more than there is.
 */
public final class FactsReader {
  /** What a parenthesis was opened for. */
  private enum Frame {
    EXPRESSION,
    TABLES,
    /** EXTRACT, TRIM and SUBSTRING use FROM inside for something else. */
    CALL
  }

  private final Tokens tokens;
  private final List<TableRef> tables = new ArrayList<>();
  private final List<Integer> tablesAt = new ArrayList<>();
  private final List<Facts.Call> calls = new ArrayList<>();
  private final Set<String> read = new HashSet<>();
  private final Set<String> assigned = new HashSet<>();
  private final Set<String> systemVariables = new HashSet<>();
  private final List<Integer> placeholders = new ArrayList<>();
  private final Set<String> commonTables = new HashSet<>();
  private final Deque<Frame> frames = new ArrayDeque<>();
  private final Deque<Boolean> outerClauses = new ArrayDeque<>();
  private boolean limit;
  private boolean choosesRows;
  private boolean inTables;
  private boolean expectTable;
  private boolean intoVariables;

  FactsReader(Tokens tokens) {
    this.tokens = tokens;
  }

  /** What the tokens from {@code from} up to {@code to} mention. */
  public static Facts read(Tokens tokens, int from, int to) {
    return new FactsReader(tokens).range(from, to).facts();
  }

  /** Where tables are named, as token indexes. */
  static List<Integer> at(Tokens tokens, int from, int to) {
    return new FactsReader(tokens).range(from, to).tablesAt();
  }

  /** The same from where a list of tables begins. */
  static List<Integer> listAt(Tokens tokens, int from, int to) {
    return new FactsReader(tokens).tablesFrom(from, to).tablesAt();
  }

  /** As if a list of tables began here. */
  FactsReader tablesFrom(int from, int to) {
    inTables = true;
    expectTable = true;
    return range(from, to);
  }

  FactsReader range(int from, int to) {
    int end = Math.min(to, tokens.count());
    for (int i = from; i < end; i++) {
      i = step(i);
    }
    return this;
  }

  private List<Integer> tablesAt() {
    return tablesAt.stream()
        .filter(at -> NameList.table(tokens, at, false).filter(this::isCommon).isEmpty())
        .toList();
  }

  private boolean isCommon(TableRef table) {
    return table.schema().isEmpty() && commonTables.contains(table.name().toLowerCase(Locale.ROOT));
  }

  Facts facts() {
    tables.removeIf(this::isCommon);
    return new Facts(
        tables, calls, read, assigned, systemVariables, placeholders, limit, choosesRows);
  }

  /** Reads the token at {@code i}; answers the last one consumed. */
  private int step(int i) {
    switch (tokens.kind(i)) {
      case USER_VARIABLE -> userVariable(i);
      case SYSTEM_VARIABLE -> systemVariables.add(systemVariable(tokens.raw(i)));
      case PLACEHOLDER -> placeholders.add(tokens.start(i));
      case SYMBOL -> symbol(i);
      case WORD, QUOTED -> {
        return name(i);
      }
      case STRING, INTEGER, DECIMAL, FLOAT, BINARY -> expectTable = false;
    }
    return i;
  }

  private static String systemVariable(String raw) {
    String name = raw.substring(2).replace("`", "").toLowerCase(Locale.ROOT);
    for (String scope : List.of("session.", "global.", "local.")) {
      if (name.startsWith(scope)) {
        return name.substring(scope.length());
      }
    }
    return name;
  }

  private void userVariable(int i) {
    String name = tokens.name(i).toLowerCase(Locale.ROOT);
    if (tokens.isAssign(i + 1) || intoVariables) {
      assigned.add(name);
    } else {
      read.add(name);
    }
  }

  private void symbol(int i) {
    if (tokens.isSymbol(i, '(')) {
      outerClauses.push(inTables);
      if (expectTable) {
        frames.push(Frame.TABLES);
        expectTable = !tokens.isAny(i + 1, "SELECT", "WITH", "VALUES");
      } else {
        boolean call = tokens.isName(i - 1) && isCallWithFrom(i - 1);
        frames.push(call ? Frame.CALL : Frame.EXPRESSION);
        inTables = false;
      }
    } else if (tokens.isSymbol(i, ')')) {
      if (!frames.isEmpty()) {
        frames.pop();
        inTables = outerClauses.pop();
      }
      expectTable = false;
    } else if (tokens.isSymbol(i, ',')) {
      expectTable = inTables;
    }
    if (!tokens.isSymbol(i, ',')) {
      intoVariables = false;
    }
  }

  private boolean isCallWithFrom(int i) {
    return tokens.isAny(i, "EXTRACT", "TRIM", "SUBSTRING", "SUBSTR", "MID", "TRIM_ORACLE");
  }

  private int name(int i) {
    boolean qualified = tokens.isSymbol(i - 1, '.');
    if (expectTable && !qualified && isTableStart(i)) {
      return table(i);
    }
    if (qualified || tokens.kind(i) == TokenKind.QUOTED) {
      call(i, qualified);
      return i;
    }
    if (!tokens.isSymbol(i + 1, '.')) {
      keyword(i);
      call(i, false);
    }
    return i;
  }

  private boolean isTableStart(int i) {
    if (tokens.kind(i) == TokenKind.QUOTED) {
      return true;
    }
    return !tokens.isAny(
        i,
        "SELECT",
        "WITH",
        "VALUES",
        "LATERAL",
        "JSON_TABLE",
        "ONLY",
        "LOW_PRIORITY",
        "IGNORE",
        "QUICK",
        "STRAIGHT_JOIN",
        "OJ");
  }

  private int table(int i) {
    expectTable = false;
    if (tokens.isSymbol(i + 1, '.') && tokens.isName(i + 2)) {
      tables.add(new TableRef(Optional.of(tokens.name(i)), tokens.name(i + 2), false));
      tablesAt.add(i);
      return i + 2;
    }
    if (tokens.is(i, "DUAL")) {
      return i;
    }
    if (tokens.isSymbol(i + 1, '(')) {
      call(i, false);
      return i;
    }
    tables.add(new TableRef(Optional.empty(), tokens.name(i), false));
    tablesAt.add(i);
    return i;
  }

  private void keyword(int i) {
    if (!ClauseWords.mayBe(tokens, i)) {
      intoVariables = false;
      return;
    }
    clause(i);
  }

  private void clause(int i) {
    if (tokens.is(i, "FROM")) {
      boolean clause = frames.isEmpty() || frames.peek() != Frame.CALL;
      inTables = clause;
      expectTable = clause;
    } else if (tokens.isAny(i, "JOIN", "STRAIGHT_JOIN")) {
      expectTable = inTables;
    } else if (tokens.isAny(
            i, "WHERE", "HAVING", "SET", "VALUES", "RETURNING", "PROCEDURE", "OFFSET")
        || (tokens.is(i, "DUPLICATE") && tokens.is(i - 1, "ON"))) {
      endTables();
    } else if (tokens.isAny(i, "ON", "USING")) {
      expectTable = false;
    } else if (tokens.isAny(
        i, "SELECT", "DISTINCT", "DISTINCTROW", "UNION", "EXCEPT", "INTERSECT")) {
      endTables();
      choosesRows |= !tokens.isAny(i, "SELECT") && !tokens.isAny(i + 1, "ALL");
    } else if (tokens.isAny(i, "GROUP", "ORDER")) {
      endTables();
      choosesRows |= tokens.is(i, "GROUP");
    } else if (tokens.isAny(i, "LIMIT", "FETCH")) {
      endTables();
      limit = true;
    } else if (tokens.is(i, "OVER") || tokens.is(i, "WINDOW")) {
      choosesRows = true;
    } else if (tokens.is(i, "INTO")) {
      endTables();
      intoVariables = true;
      return;
    } else if (tokens.isAny(i, "WITH", "RECURSIVE")) {
      commonTable(i);
    } else if (tokens.isAny(i, "FOR") && tokens.isAny(i - 1, "VALUE") && sequenceValue(i - 1)) {
      addCall("NEXTVAL", FunctionKind.SEQUENCE, i - 1, i, true);
    }
    intoVariables = false;
  }

  private boolean sequenceValue(int value) {
    return tokens.isAny(value - 1, "NEXT", "PREVIOUS");
  }

  private void endTables() {
    inTables = false;
    expectTable = false;
  }

  /** {@code WITH name [(columns)] AS (…), name2 AS (…)}: names that are no tables. */
  private void commonTable(int with) {
    int i = tokens.is(with + 1, "RECURSIVE") ? with + 2 : with + 1;
    while (tokens.isName(i)) {
      int next = tokens.isSymbol(i + 1, '(') ? tokens.closing(i + 1) + 1 : i + 1;
      if (!tokens.is(next, "AS") || !tokens.isSymbol(next + 1, '(')) {
        return;
      }
      commonTables.add(tokens.name(i).toLowerCase(Locale.ROOT));
      i = tokens.closing(next + 1) + 1;
      if (!tokens.isSymbol(i, ',')) {
        return;
      }
      i++;
    }
  }

  private void call(int i, boolean qualified) {
    if (!tokens.isSymbol(i + 1, '(')) {
      if (!qualified && mayBeBareCall(i)) {
        String word = tokens.upper(i);
        Functions.bare(word).ifPresent(kind -> addCall(word, kind, i, i, true));
      }
      return;
    }
    String upper = qualified ? "" : tokens.upper(i);
    boolean empty = tokens.isSymbol(i + 2, ')');
    int close = empty ? i + 2 : i;
    if (qualified || tokens.kind(i) == TokenKind.QUOTED) {
      addCall(tokens.name(i), FunctionKind.UNKNOWN, i, close, empty);
      return;
    }
    Functions.called(upper)
        .filter(kind -> kind != FunctionKind.PLAIN)
        .filter(kind -> !(upper.equals("UNIX_TIMESTAMP") && !empty))
        .ifPresent(
            kind ->
                addCall(
                    kind == FunctionKind.UNKNOWN ? tokens.name(i) : upper, kind, i, close, empty));
  }

  /** A cheap look first: every call without parentheses is a long word in C, L or U. */
  private boolean mayBeBareCall(int i) {
    int first = tokens.text().at(tokens.start(i)) & 0xdf;
    return tokens.end(i) - tokens.start(i) >= 8 && (first == 'C' || first == 'L' || first == 'U');
  }

  private void addCall(String name, FunctionKind kind, int first, int last, boolean empty) {
    TextRange range = new TextRange(tokens.start(first), tokens.end(last));
    calls.add(new Facts.Call(name, kind, range, first, empty));
  }
}
