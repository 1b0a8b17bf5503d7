package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.model.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The INSERT and REPLACE statements in a stored program's body whose rows draw AUTO_INCREMENT ids.
 * Written anew they take them from user variables, one for each table, so that who calls the
 * program says which ids these are.
 */
public final class ProgramInserts {
  private static final String VARIABLE = "lockstep_ids_";

  private final Tokens tokens;
  private final List<Insert> inserts = new ArrayList<>();

  /** Whether nobody else asks what the statement before has changed. */
  private final boolean counts;

  /** From its first token to before its end. */
  private record Insert(int from, int end, boolean handles, Statement statement, DmlShape shape) {
    Optional<TableName> target(String home) {
      return shape.targets().stream().findFirst().flatMap(table -> table.in(home));
    }
  }

  private ProgramInserts(Bytes body, Dialect dialect) {
    this.tokens = SqlLexer.read(body, dialect);
    this.counts = !asksForCounts();
    boolean declares = false;
    int i = tokens.unterminated() || tokens.hasExecutableComment() ? tokens.count() : 0;
    for (; i < tokens.count(); i++) {
      boolean starts = ProgramBody.startsStatement(tokens, i);
      declares = starts ? tokens.is(i, "DECLARE") : declares && !tokens.isSymbol(i, ';');
      if ((starts || declares) && tokens.isAny(i, "INSERT", "REPLACE")) {
        read(body, i, declares);
      }
    }
  }

  private void read(Bytes body, int from, boolean handles) {
    int end = from;
    while (end < tokens.count() && !tokens.isSymbol(end, ';')) {
      end++;
    }
    Statement statement = new DmlReader(body, tokens, from, end).read();
    if (!statement.unparsed() && statement.type() instanceof StatementClass.Dml dml) {
      inserts.add(new Insert(from, end, handles, statement, dml.shape()));
    }
  }

  private static ProgramInserts of(StoredProcedure procedure, Bytes body) {
    return new ProgramInserts(body, procedure.context().dialect());
  }

  /** The tables that a body inserts into by name. */
  static Set<TableName> tables(Bytes body, Dialect dialect, String home) {
    Set<TableName> tables = new HashSet<>();
    for (Insert insert : new ProgramInserts(body, dialect).inserts) {
      insert.target(home).ifPresent(tables::add);
    }
    return tables;
  }

  /**
   * How many ids of each table it draws, if each statement is executed once, for one row of a
   * query.
   */
  static Map<TableName, Integer> draws(
      StoredProcedure procedure, Map<TableName, TableDefinition> tables) {
    Map<TableName, Integer> draws = new HashMap<>();
    if (procedure.inserts().stream().noneMatch(tables::containsKey)) {
      return draws;
    }
    ProgramInserts program = of(procedure, procedure.body());
    for (Insert insert : program.inserts) {
      program
          .drawing(insert, procedure.name().schema(), tables)
          .ifPresent(
              rows -> draws.merge(rows.draw().table(), rows.count().orElse(1), Integer::sum));
    }
    return draws;
  }

  /** The body, or what was made of it, with ids from the variables of their tables. */
  static Bytes numbered(
      StoredProcedure procedure, Bytes body, Map<TableName, TableDefinition> tables) {
    ProgramInserts program = of(procedure, body);
    Replacement replacement = new Replacement(program.tokens);
    for (Insert insert : program.inserts) {
      program
          .drawing(insert, procedure.name().schema(), tables)
          .ifPresent(rows -> program.number(insert, rows, replacement));
    }
    return replacement.sql();
  }

  private Optional<RowsWithIds> drawing(
      Insert insert, String home, Map<TableName, TableDefinition> tables) {
    return insert
        .target(home)
        .flatMap(name -> Optional.ofNullable(tables.get(name)))
        .flatMap(table -> RowsWithIds.of(insert.statement(), insert.shape(), table))
        .filter(rows -> rows.count().isPresent() || (counts && countsAll(insert)))
        .filter(rows -> !insert.statement().facts().calls(FunctionKind.UNPINNED));
  }

  /** Whether ROW_COUNT() is no less than what it has drawn, and may be asked for behind it. */
  private boolean countsAll(Insert insert) {
    return !insert.shape().ignore()
        && !insert.shape().onDuplicateKey()
        && !insert.handles()
        && !mayBeLast(insert.end());
  }

  /**
   * What is executed last is what the client hears of the call: but for what may be skipped, and
   * what leaves that as it is, such as IF and the SET of a local variable.
   */
  private boolean mayBeLast(int end) {
    int i = end + 1;
    while (tokens.is(i, "END")) {
      while (i < tokens.count() && !tokens.isSymbol(i, ';')) {
        i++;
      }
      i++;
    }
    return !tokens.isAny(i, "INSERT", "REPLACE", "UPDATE", "DELETE", "SELECT");
  }

  private boolean asksForCounts() {
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.isAny(i, "ROW_COUNT", "DIAGNOSTICS")) {
        return true;
      }
    }
    return false;
  }

  /**
   * For the one statement alone: what fails before it draws would leave the id to the next one
   * (MariaDB: the forced interval is wiped away by who used it).
   */
  private void number(Insert insert, RowsWithIds rows, Replacement replacement) {
    String next = "@" + variable(rows.draw().table());
    String first = tokens.raw(insert.from());
    int last = insert.end() - 1;
    if (rows.count().isPresent()) {
      int count = rows.count().getAsInt();
      String advance = "SET " + next + "=" + next + "+" + count;
      replacement.text(insert.from(), "BEGIN " + advance + "; " + id(next + "-" + count) + first);
      replacement.text(last, tokens.raw(last) + "; END");
    } else {
      replacement.text(insert.from(), "BEGIN " + id(next) + first);
      String advance = "SET " + next + "=" + next + "+GREATEST(ROW_COUNT(),0)";
      replacement.text(last, tokens.raw(last) + "; " + advance + "; END");
    }
  }

  private static String id(String value) {
    return "SET STATEMENT insert_id=" + value + " FOR ";
  }

  /** The name of the user variable that has a table's next id. */
  public static String variable(TableName table) {
    String text = table.toString();
    String both =
        Integer.toHexString(text.hashCode())
            + "_"
            + Integer.toHexString((text.length() + "." + text).hashCode());
    return VARIABLE + both;
  }
}
