package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.model.IdDraw;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * An INSERT or REPLACE whose rows draw AUTO_INCREMENT ids, all of them, where something else about
 * it is known only when it is executed.
 *
 * @param draw the table and column, with one id drawn
 * @param count how many rows there are, if the text says so
 * @param counting a query for that, which locks what the statement would lock, if there is one
 * @param capturedOrAlone whether it is executed at its master anyway, or its rows have nothing but
 *     their ids by which they could meet others'
 */
public record RowsWithIds(
    IdDraw draw, OptionalInt count, Optional<Bytes> counting, boolean capturedOrAlone) {
  private static final String[] NOT_COUNTED = {
    "WITH", "UNION", "INTERSECT", "EXCEPT", "MINUS", "TABLE", "VALUES", "LOCK", "FOR", "PROCEDURE"
  };

  /** What does more than look when it is called. */
  private static final Set<FunctionKind> ACTING =
      Set.of(
          FunctionKind.UNKNOWN,
          FunctionKind.SEQUENCE,
          FunctionKind.USER_LOCK,
          FunctionKind.UNPINNED);

  /**
   * Nothing where rows may name ids themselves, where they are the answer, or where something else
   * may draw before the first row does: {@code insert_id} is taken by whoever draws first (MariaDB:
   * handler::update_auto_increment, auto_inc_intervals_forced).
   */
  public static Optional<RowsWithIds> of(
      Statement statement, DmlShape shape, TableDefinition table) {
    boolean plain =
        shape.inserts()
            && !shape.returning()
            && !statement.facts().callsUnknownFunction()
            && table.isInnoDb()
            && table.triggers().stream().noneMatch(RowsWithIds::mayDrawBefore);
    return table
        .autoIncrement()
        .filter(column -> plain && !(shape.select() && names(shape, column)))
        .flatMap(column -> of(statement, shape, table, column.name()));
  }

  /**
   * The same of LOAD DATA, by the list of what its lines hold: without one they hold everything.
   */
  public static Optional<RowsWithIds> ofLoad(
      Statement statement, StatementClass.Load load, TableDefinition table) {
    Tokens tokens = statement.tokens();
    int target = 0;
    while (target < tokens.count() && !isTable(tokens, target, load.target())) {
      target++;
    }
    int list = target + 1;
    while (list < tokens.count() && !tokens.isSymbol(list, '(')) {
      list++;
    }
    int from = list;
    boolean listed = list < tokens.count() && !tokens.is(list - 1, "PARTITION");
    return table
        .autoIncrement()
        .filter(column -> listed && table.isInnoDb())
        .filter(
            column -> statement.facts().calls().stream().noneMatch(call -> isUnknown(call, from)))
        .filter(column -> table.triggers().stream().noneMatch(RowsWithIds::mayDrawBefore))
        .filter(column -> !isNamed(tokens, from, column.name()))
        .map(
            column ->
                new RowsWithIds(
                    new IdDraw(table.name(), column.name(), 1, OptionalLong.empty(), false),
                    OptionalInt.empty(),
                    Optional.empty(),
                    true));
  }

  /** What stands before its list, as the table does, is none. */
  private static boolean isUnknown(Facts.Call call, int list) {
    return call.kind() == FunctionKind.UNKNOWN && call.firstToken() > list;
  }

  private static boolean isTable(Tokens tokens, int at, TableRef target) {
    return tokens.is(at - 1, "TABLE")
        ? target.schema().isEmpty() && tokens.isName(at)
        : tokens.isSymbol(at - 1, '.') && tokens.is(at - 3, "TABLE") && tokens.isName(at);
  }

  private static boolean isNamed(Tokens tokens, int from, String column) {
    for (int i = from; i < tokens.count(); i++) {
      if (tokens.isName(i) && tokens.name(i).equalsIgnoreCase(column)) {
        return true;
      }
    }
    return false;
  }

  private static Optional<RowsWithIds> of(
      Statement statement, DmlShape shape, TableDefinition table, String column) {
    IdDraw one = new IdDraw(table.name(), column, 1, OptionalLong.empty(), false);
    return shape.select()
        ? Optional.of(new RowsWithIds(one, OptionalInt.empty(), counting(statement, shape), true))
        : IdDraws.of(statement.tokens(), shape, table)
            .filter(draw -> draw.drawn() > 0 && draw.explicitMax().isEmpty() && !draw.reread())
            .map(
                draw ->
                    new RowsWithIds(
                        one,
                        OptionalInt.of(draw.drawn()),
                        Optional.empty(),
                        meetsNobody(statement, table, column)));
  }

  private static boolean names(DmlShape shape, TableDefinition.Column column) {
    return shape.columns().isEmpty()
        ? !column.invisible()
        : shape.columns().stream().anyMatch(column.name()::equalsIgnoreCase);
  }

  private static boolean meetsNobody(Statement statement, TableDefinition table, String column) {
    return statement.facts().tables().size() == 1
        && table.primaryKey().equals(List.of(column))
        && table.uniqueKeys().isEmpty()
        && table.relatives().isEmpty()
        && !table.selfReferencing()
        && table.triggers().isEmpty();
  }

  private static boolean mayDrawBefore(TableDefinition.Trigger trigger) {
    if (!trigger.timing().equalsIgnoreCase("BEFORE") || !trigger.event().equals("INSERT")) {
      return false;
    }
    ProgramBody.Content body = ProgramBody.read(trigger);
    return body.calls() || body.facts().callsUnknownFunction() || !body.writes().isEmpty();
  }

  /** Of one SELECT that does nothing but look: its lock clause holds for all that it reads. */
  private static Optional<Bytes> counting(Statement statement, DmlShape shape) {
    Tokens tokens = statement.tokens();
    Facts facts = statement.facts();
    if (tokens.hasExecutableComment()
        || facts.assignsUserVariables()
        || facts.calls().stream().anyMatch(call -> ACTING.contains(call.kind()))) {
      return Optional.empty();
    }
    int from = -1;
    int to = tokens.count();
    for (int i = 0; i < to; i++) {
      boolean select = tokens.is(i, "SELECT");
      boolean another = select && (from >= 0 || tokens.isSymbol(i - 1, '('));
      if (another || tokens.isAny(i, NOT_COUNTED)) {
        return Optional.empty();
      }
      if (select) {
        from = i;
      } else if (shape.onDuplicateKey() && tokens.is(i, "ON") && tokens.is(i + 1, "DUPLICATE")) {
        to = i;
      }
    }
    return from < 0 ? Optional.empty() : Optional.of(counting(tokens.textOf(from, to)));
  }

  private static Bytes counting(Bytes query) {
    String locking = query.latin1() + " LOCK IN SHARE MODE";
    return Bytes.ofLatin1("SELECT COUNT(*) FROM (" + locking + ") AS lockstep_rows");
  }
}
