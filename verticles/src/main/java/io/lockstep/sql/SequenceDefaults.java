package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.sql.DmlShape.TokenRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/** Writes the defaults that draw from sequences into an INSERT or REPLACE that leaves them out. */
public final class SequenceDefaults {
  private final Statement statement;
  private final Tokens tokens;
  private final DmlShape shape;
  private final List<TableDefinition.Column> columns;
  private final TreeMap<Integer, String> insertions = new TreeMap<>();
  private final TreeMap<Integer, Integer> cuts = new TreeMap<>();

  private SequenceDefaults(Statement statement, DmlShape shape, TableDefinition table) {
    this.statement = statement;
    this.tokens = statement.tokens();
    this.shape = shape;
    this.columns = table.columns();
  }

  /** Whether a table has such a default. */
  public static boolean has(TableDefinition table) {
    return table.columns().stream().anyMatch(SequenceDefaults::draws);
  }

  private static boolean draws(TableDefinition.Column column) {
    return column
        .defaultExpression()
        .map(text -> text.toLowerCase(Locale.ROOT))
        .filter(text -> text.contains("nextval("))
        .isPresent();
  }

  /** The text with the defaults written in; nothing where that cannot be done. */
  public static Optional<Bytes> written(
      Statement statement, DmlShape shape, TableDefinition table) {
    return shape.rows().isEmpty() || shape.select()
        ? Optional.empty()
        : new SequenceDefaults(statement, shape, table).written(shape.rows().get());
  }

  private Optional<Bytes> written(TokenRange rows) {
    boolean set = !tokens.isSymbol(rows.from(), '(');
    if (set) {
      assign(rows);
    } else if (!values(rows)) {
      return Optional.empty();
    }
    return Optional.of(spliced());
  }

  /** {@code SET a = 1}, and {@code a = DEFAULT}. */
  private void assign(TokenRange rows) {
    for (TableDefinition.Column column : columns) {
      if (!draws(column)) {
        continue;
      }
      boolean assigned = false;
      for (int i = rows.from(); i < rows.to(); i++) {
        if (tokens.isName(i)
            && tokens.isSymbol(i + 1, '=')
            && tokens.name(i).equalsIgnoreCase(column.name())) {
          assigned = true;
          if (tokens.is(i + 2, "DEFAULT") && !tokens.isSymbol(i + 3, '(')) {
            replace(i + 2, expression(column));
          }
        }
      }
      if (!assigned) {
        insert(rows.to(), ", " + quoted(column) + " = " + expression(column));
      }
    }
  }

  private boolean values(TokenRange rows) {
    List<TableDefinition.Column> listed = listed();
    List<TableDefinition.Column> missing = new ArrayList<>();
    columns.stream().filter(SequenceDefaults::draws).forEach(missing::add);
    missing.removeAll(listed);
    for (int i = rows.from(); i < rows.to(); i++) {
      if (tokens.isSymbol(i, '(')) {
        int close = tokens.closing(i);
        if (close == i + 1) {
          return emptyRows(rows);
        }
        if (!row(i, close, listed, missing)) {
          return false;
        }
        i = close;
      }
    }
    int close = columnsClose(rows.from());
    if (!missing.isEmpty() && close < 0) {
      return false;
    }
    missing.forEach(column -> insert(close, ", " + quoted(column)));
    return true;
  }

  /** {@code VALUES ()}: everything has its default, so that only the drawn ones are named. */
  private boolean emptyRows(TokenRange rows) {
    List<TableDefinition.Column> drawn = columns.stream().filter(SequenceDefaults::draws).toList();
    String names = String.join(", ", drawn.stream().map(SequenceDefaults::quoted).toList());
    String values = String.join(", ", drawn.stream().map(SequenceDefaults::expression).toList());
    int close = columnsClose(rows.from());
    for (int i = rows.from(); i < rows.to(); i++) {
      if (tokens.isSymbol(i, '(') && tokens.isSymbol(i + 1, ')')) {
        insert(i + 1, values);
        i++;
      } else if (!tokens.isSymbol(i, ',')) {
        return false;
      }
    }
    if (close >= 0) {
      insert(close, names);
    } else {
      insert(rows.from() - 1, "(" + names + ") ");
    }
    return true;
  }

  private List<TableDefinition.Column> listed() {
    if (shape.columns().isEmpty()) {
      return columns.stream().filter(column -> !column.invisible()).toList();
    }
    return shape.columns().stream()
        .flatMap(
            name ->
                columns.stream().filter(column -> column.name().equalsIgnoreCase(name)).limit(1))
        .toList();
  }

  private boolean row(
      int open,
      int close,
      List<TableDefinition.Column> listed,
      List<TableDefinition.Column> missing) {
    int item = 0;
    for (int i = open + 1; i < close; i++) {
      if (tokens.isSymbol(i, '(')) {
        i = Math.min(tokens.closing(i), close);
      } else if (tokens.isSymbol(i, ',')) {
        item++;
      } else if (tokens.is(i, "DEFAULT")) {
        if (tokens.isSymbol(i + 1, '(') || item >= listed.size()) {
          return false;
        }
        if (draws(listed.get(item))) {
          replace(i, expression(listed.get(item)));
        }
      }
    }
    missing.forEach(column -> insert(close, ", " + expression(column)));
    return true;
  }

  /** The parenthesis behind the list of columns, if there is one before VALUES. */
  private int columnsClose(int rows) {
    int close = rows - 2;
    return tokens.isAny(rows - 1, "VALUES", "VALUE") && tokens.isSymbol(close, ')') ? close : -1;
  }

  private static String quoted(TableDefinition.Column column) {
    return "`" + column.name().replace("`", "``") + "`";
  }

  private static String expression(TableDefinition.Column column) {
    return column.defaultExpression().orElseThrow();
  }

  private void insert(int token, String text) {
    int at = token < tokens.count() ? tokens.start(token) : statement.sql().length();
    insertions.merge(at, Bytes.utf8(text).latin1(), String::concat);
  }

  private void replace(int token, String text) {
    cuts.put(tokens.start(token), tokens.end(token));
    insert(token, text);
  }

  private Bytes spliced() {
    String text = statement.sql().latin1();
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (var insertion : insertions.entrySet()) {
      int at = insertion.getKey();
      boolean end = at == text.length();
      out.append(text, from, at).append(end ? " " : "").append(insertion.getValue()).append(' ');
      Integer cut = cuts.get(at);
      from = cut == null ? at : cut;
    }
    return Bytes.ofLatin1(out.append(text, from, text.length()).toString());
  }
}
