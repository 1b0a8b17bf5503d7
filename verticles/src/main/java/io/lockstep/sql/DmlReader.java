package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.sql.DmlShape.TokenRange;
import io.lockstep.sql.DmlShape.Verb;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the clauses of INSERT, REPLACE, UPDATE and DELETE. What it does not find where the grammar
 * has it makes the statement {@link Statement#unparsed}.
 */
final class DmlReader {
  private final Bytes sql;
  private final Tokens tokens;
  private final int from;
  private final int end;
  private boolean ignore;
  private List<TableRef> targets = List.of();
  private List<String> columns = List.of();
  private Optional<TokenRange> rows = Optional.empty();
  private Optional<TokenRange> assignments = Optional.empty();
  private Optional<TokenRange> where = Optional.empty();
  private Optional<TokenRange> orderBy = Optional.empty();
  private boolean select;
  private boolean onDuplicateKey;
  private boolean returning;
  private boolean multiTable;
  private boolean severalTargets;
  private boolean limit;
  private boolean understood = true;

  DmlReader(Bytes sql, Tokens tokens) {
    this(sql, tokens, 0, tokens.count());
  }

  /** Reads one statement out of a stored program's body. */
  DmlReader(Bytes sql, Tokens tokens, int from, int end) {
    this.sql = sql;
    this.tokens = tokens;
    this.from = from;
    this.end = end;
  }

  Statement read() {
    Verb verb = Verb.valueOf(tokens.upper(from));
    FactsReader facts = new FactsReader(tokens);
    int i = from + 1;
    while (tokens.isAny(i, "LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "QUICK")
        || (verb == Verb.DELETE && tokens.is(i, "HISTORY"))) {
      ignore |= tokens.is(i, "IGNORE");
      i++;
    }
    switch (verb) {
      case INSERT, REPLACE -> insert(i, facts);
      case UPDATE -> update(i, facts);
      case DELETE -> delete(i, facts);
    }
    return statement(verb, facts.facts());
  }

  private Statement statement(Verb verb, Facts found) {
    List<TableRef> tables = new ArrayList<>(targets);
    Set<TableRef> known = new HashSet<>(targets);
    boolean targetsFound = verb == Verb.INSERT || verb == Verb.REPLACE;
    for (TableRef table : found.tables()) {
      if (targetsFound || !known.contains(written(table))) {
        tables.add(table);
      }
    }
    Facts facts =
        new Facts(
            tables,
            found.calls(),
            found.userVariablesRead(),
            found.userVariablesAssigned(),
            found.systemVariables(),
            found.placeholders(),
            found.limit(),
            found.choosesRows());
    DmlShape shape =
        new DmlShape(
            verb,
            targets,
            ignore,
            columns,
            rows,
            select,
            onDuplicateKey,
            returning,
            multiTable,
            severalTargets,
            limit,
            assignments,
            where,
            orderBy);
    boolean unparsed = !understood || targets.isEmpty();
    return new Statement(
        sql, tokens.dialect(), tokens, new StatementClass.Dml(shape), facts, unparsed);
  }

  private static TableRef written(TableRef table) {
    return new TableRef(table.schema(), table.name(), true);
  }

  private void insert(int start, FactsReader facts) {
    int i = tokens.is(start, "INTO") ? start + 1 : start;
    targets = NameList.table(tokens, i, true).map(List::of).orElse(List.of());
    i = NameList.after(tokens, i);
    if (tokens.is(i, "PARTITION") && tokens.isSymbol(i + 1, '(')) {
      i = tokens.closing(i + 1) + 1;
    }
    if (tokens.isSymbol(i, '(')
        && !tokens.isAny(i + 1, "SELECT", "WITH", "VALUES")
        && !tokens.isSymbol(i + 1, '(')) {
      int close = tokens.closing(i);
      columns = columnList(i + 1, close);
      i = close + 1;
    }
    if (tokens.isAny(i, "VALUES", "VALUE")) {
      int endOfRows = endOfRows(i + 1);
      rows = Optional.of(new TokenRange(i + 1, endOfRows));
      understood &= endOfRows > i + 1;
      tail(endOfRows);
    } else if (tokens.is(i, "SET")) {
      int close = find(i + 1, end, "ON", "RETURNING");
      rows = Optional.of(new TokenRange(i + 1, close));
      columns = assigned(i + 1, close);
      tail(close);
    } else if (tokens.isAny(i, "SELECT", "WITH") || tokens.isSymbol(i, '(')) {
      select = true;
      tail(i);
    } else {
      understood = false;
    }
    facts.range(i, end);
  }

  private List<String> columnList(int start, int close) {
    List<String> names = new ArrayList<>();
    for (int i = start; i < close; i++) {
      if (tokens.isName(i) && !tokens.isSymbol(i + 1, '.')) {
        names.add(tokens.name(i));
      } else if (!tokens.isSymbol(i, ',') && !tokens.isSymbol(i, '.') && !tokens.isName(i)) {
        understood = false;
      }
    }
    return names;
  }

  private int endOfRows(int start) {
    int i = start;
    while (tokens.isSymbol(i, '(')) {
      i = tokens.closing(i) + 1;
      if (!tokens.isSymbol(i, ',')) {
        break;
      }
      i++;
    }
    return Math.min(i, end);
  }

  /** ON DUPLICATE KEY UPDATE and RETURNING behind the rows. */
  private void tail(int start) {
    int i = start;
    if (select) {
      i = findDuplicate(start);
    }
    if (tokens.is(i, "AS") && tokens.isName(i + 1)) {
      understood = false;
    }
    if (tokens.is(i, "ON") && tokens.is(i + 1, "DUPLICATE") && tokens.is(i + 3, "UPDATE")) {
      onDuplicateKey = true;
      int close = find(i + 4, end, "RETURNING");
      assignments = Optional.of(new TokenRange(i + 4, close));
      i = close;
    }
    if (select) {
      i = find(i, end, "RETURNING");
    }
    returning = tokens.is(i, "RETURNING") && i < end;
    if (i < end && !returning && !select) {
      understood = false;
    }
  }

  private int findDuplicate(int start) {
    for (int i = start; i < end; i++) {
      if (tokens.isSymbol(i, '(')) {
        i = tokens.closing(i);
      } else if (tokens.is(i, "ON") && tokens.is(i + 1, "DUPLICATE")) {
        return i;
      }
    }
    return start;
  }

  private void update(int start, FactsReader facts) {
    int set = find(start, end, "SET");
    if (set >= end) {
      understood = false;
      facts.range(start, end);
      return;
    }
    tableList(start, set, facts);
    int close = find(set + 1, end, "WHERE", "ORDER", "LIMIT", "RETURNING");
    assignments = Optional.of(new TokenRange(set + 1, close));
    columns = assigned(set + 1, close);
    understood &= !columns.isEmpty();
    clauses(close);
    facts.range(set, end);
  }

  private void delete(int start, FactsReader facts) {
    if (!tokens.is(start, "FROM")) {
      int clause = find(start, end, "FROM");
      understood &= clause < end;
      severalTargets = find(start, clause, ",") < clause;
      multiTable = true;
      deleteFrom(clause + 1, facts);
      multiTable = true;
      return;
    }
    int where = find(start, end, "WHERE", "ORDER", "LIMIT", "RETURNING");
    int using = find(start, where, "USING");
    severalTargets = using < where && find(start, using, ",") < using;
    deleteFrom(using < where ? using + 1 : start + 1, facts);
    multiTable |= using < where;
  }

  private void deleteFrom(int start, FactsReader facts) {
    int close = find(start, end, "WHERE", "ORDER", "LIMIT", "RETURNING");
    tableList(start, close, facts);
    clauses(close);
    facts.range(close, end);
  }

  /** The tables of UPDATE and DELETE; those of a join all count as written. */
  private void tableList(int start, int close, FactsReader facts) {
    Facts inner = new FactsReader(tokens).tablesFrom(start, close).facts();
    targets = inner.tables().stream().map(DmlReader::written).toList();
    for (int i = start; i < close; i++) {
      multiTable |= tokens.isSymbol(i, ',') || tokens.isAny(i, "JOIN", "STRAIGHT_JOIN", "SELECT");
      if (tokens.is(i, "PARTITION") && tokens.isSymbol(i + 1, '(')) {
        i = tokens.closing(i + 1);
      }
    }
    if (tokens.is(start + 1, "FOR") || tokens.is(start + 3, "FOR")) {
      // FOR PORTION OF a period inserts rows of its own.
      understood = false;
    }
    facts.tablesFrom(start, close);
  }

  private void clauses(int start) {
    int i = start;
    if (tokens.is(i, "WHERE") && i < end) {
      int close = find(i + 1, end, "ORDER", "LIMIT", "RETURNING");
      where = Optional.of(new TokenRange(i + 1, close));
      i = close;
    }
    if (tokens.is(i, "ORDER") && i < end) {
      int close = find(i + 2, end, "LIMIT", "RETURNING");
      orderBy = Optional.of(new TokenRange(i + 2, close));
      i = close;
    }
    limit = tokens.is(i, "LIMIT") && i < end;
    returning = find(i, end, "RETURNING") < end;
  }

  /** The columns left of the equals signs. */
  private List<String> assigned(int start, int close) {
    List<String> names = new ArrayList<>();
    boolean expect = true;
    for (int i = start; i < close; i++) {
      if (tokens.isSymbol(i, '(')) {
        i = tokens.closing(i);
      } else if (tokens.isSymbol(i, ',')) {
        expect = true;
      } else if (expect && (tokens.isSymbol(i, '=') || tokens.isAssign(i))) {
        understood &= tokens.isName(i - 1);
        names.add(tokens.name(i - 1));
        expect = false;
      }
    }
    return names;
  }

  /** The first of these keywords outside parentheses, or {@code to}. */
  private int find(int start, int to, String... words) {
    for (int i = start; i < to; i++) {
      if (tokens.isSymbol(i, '(')) {
        i = tokens.closing(i);
      } else if (tokens.isAny(i, words) && !tokens.isSymbol(i - 1, '.')) {
        return i;
      } else if (words[0].equals(",") && tokens.isSymbol(i, ',')) {
        return i;
      }
    }
    return to;
  }
}
