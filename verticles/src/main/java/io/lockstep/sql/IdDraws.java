package io.lockstep.sql;

import io.lockstep.model.IdDraw;
import io.lockstep.sql.DmlShape.TokenRange;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Counts the AUTO_INCREMENT ids that the rows of an INSERT or REPLACE draw, and sees those that an
 * UPDATE gives to rows: InnoDB's next id comes after them, too.
 */
final class IdDraws {
  private final Tokens tokens;
  private final DmlShape shape;
  private final TableDefinition table;
  private int drawn;
  private long leading;
  private long explicitMax;
  private boolean reread;
  private boolean beyondSigned;

  private IdDraws(Tokens tokens, DmlShape shape, TableDefinition table) {
    this.tokens = tokens;
    this.shape = shape;
    this.table = table;
  }

  /** Nothing for a table without such a column. */
  static Optional<IdDraw> of(Tokens tokens, DmlShape shape, TableDefinition table) {
    return table
        .autoIncrement()
        .flatMap(
            column ->
                shape.inserts()
                    ? Optional.of(new IdDraws(tokens, shape, table).draw(column))
                    : new IdDraws(tokens, shape, table).move(column));
  }

  private IdDraw draw(TableDefinition.Column column) {
    TokenRange rows = shape.rows().orElse(new TokenRange(0, 0));
    int place = place(column.name());
    if (tokens.isSymbol(rows.from(), '(') && tokens.isAny(rows.from() - 1, "VALUES", "VALUE")) {
      values(rows, place);
    } else {
      value(rows.from(), rows.to(), place);
    }
    // A row that names an id moves the ids of the rows behind it.
    boolean moved = !assigned(column).isEmpty();
    reread |= (drawn > 0 && explicitMax > 0) || moved;
    boolean known = explicitMax > 0 && (drawn > 0 || !(beyondSigned || moved));
    return new IdDraw(
        table.name(),
        column.name(),
        drawn,
        positive(leading),
        known ? OptionalLong.of(explicitMax) : OptionalLong.empty(),
        reread);
  }

  /** Nothing for an UPDATE of other columns. */
  private Optional<IdDraw> move(TableDefinition.Column column) {
    List<Conditions.Assigned> values = assigned(column);
    values.forEach(value -> expression(value.from(), value.to()));
    boolean literal = drawn == 0 && !reread;
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new IdDraw(
                table.name(),
                column.name(),
                0,
                literal ? OptionalLong.of(explicitMax) : OptionalLong.empty(),
                true));
  }

  private List<Conditions.Assigned> assigned(TableDefinition.Column column) {
    return shape
        .assignments()
        .map(range -> new Conditions(tokens, table).assigned(range, column.name()))
        .orElse(List.of());
  }

  private static OptionalLong positive(long id) {
    return id > 0 ? OptionalLong.of(id) : OptionalLong.empty();
  }

  /** The column's place in a row; -1 when rows do not give it a value. */
  private int place(String name) {
    List<String> columns =
        shape.columns().isEmpty()
            ? table.columns().stream()
                .filter(column -> !column.invisible())
                .map(TableDefinition.Column::name)
                .toList()
            : shape.columns();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  private void values(TokenRange rows, int place) {
    int i = rows.from();
    while (i < rows.to() && tokens.isSymbol(i, '(')) {
      int close = tokens.closing(i);
      if (close == i + 1) {
        drawn++;
      } else {
        value(i + 1, close, place);
      }
      i = close + 2;
    }
  }

  /** Looks at the value in one row: the item at {@code place} between commas. */
  private void value(int from, int to, int place) {
    if (place < 0) {
      drawn++;
      return;
    }
    int start = from;
    int item = 0;
    int i = from;
    for (; i < to; i++) {
      if (tokens.isSymbol(i, '(')) {
        i = tokens.closing(i);
      } else if (tokens.isSymbol(i, ',')) {
        if (item == place) {
          break;
        }
        item++;
        start = i + 1;
      }
    }
    if (item == place && start < to) {
      expression(afterEquals(start), Math.min(i, to));
    }
  }

  /** In INSERT … SET the item is {@code column = value}. */
  private int afterEquals(int start) {
    int i = start;
    while (tokens.isName(i) && tokens.isSymbol(i + 1, '.')) {
      i += 2;
    }
    boolean assigns = tokens.isName(i) && (tokens.isSymbol(i + 1, '=') || tokens.isAssign(i + 1));
    return assigns ? i + 2 : start;
  }

  private void expression(int from, int to) {
    boolean single = to == from + 1;
    if (single && tokens.isAny(from, "NULL", "DEFAULT")) {
      drawn++;
    } else if (single && tokens.kind(from) == TokenKind.INTEGER) {
      integer(tokens.raw(from));
    } else if (to == from + 2
        && tokens.isSymbol(from, '-')
        && tokens.kind(from + 1) == TokenKind.INTEGER) {
      if (isZero(tokens.raw(from + 1))) {
        integer("0");
      }
    } else if (single && tokens.kind(from) == TokenKind.STRING) {
      string(TokenText.string(tokens, from).latin1());
    } else {
      // It may come out as NULL or 0 and draw, or as an id of its own.
      drawn++;
      reread = true;
    }
  }

  private void string(String text) {
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      integer(text);
    } else {
      drawn++;
      reread = true;
    }
  }

  private static boolean isZero(String digits) {
    return digits.chars().allMatch(c -> c == '0');
  }

  private void integer(String digits) {
    if (isZero(digits)) {
      if (!tokens.dialect().noAutoValueOnZero()) {
        drawn++;
      }
      return;
    }
    try {
      explicitMax = Math.max(explicitMax, Long.parseLong(digits));
      leading = drawn == 0 ? explicitMax : leading;
    } catch (NumberFormatException tooLarge) {
      // Beyond a signed 64-bit number: only the stored value tells what became of it.
      reread = true;
      beyondSigned = true;
    }
  }
}
