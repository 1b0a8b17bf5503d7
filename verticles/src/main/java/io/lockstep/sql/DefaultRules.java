package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.sql.DmlShape.TokenRange;
import io.lockstep.sql.FactsRules.Place;
import io.lockstep.sql.Verdict.Need;

/** The rules on values that the table itself supplies. */
final class DefaultRules {
  private final Statement statement;
  private final DmlShape shape;
  private final Judgement judgement;

  DefaultRules(Statement statement, DmlShape shape, Judgement judgement) {
    this.statement = statement;
    this.shape = shape;
    this.judgement = judgement;
  }

  void insert(TableDefinition table) {
    boolean asksForDefault = asksForDefault();
    for (TableDefinition.Column column : table.columns()) {
      implicitTime(column);
      boolean supplied = shape.columns().isEmpty() ? column.invisible() : !lists(column.name());
      if (supplied || asksForDefault || hasEmptyRow()) {
        byDefault(column);
      }
      if (shape.onDuplicateKey() && column.onUpdate()) {
        judgement.need(Need.TIME);
      }
    }
  }

  void update(TableDefinition table) {
    boolean asksForDefault = asksForDefault();
    for (TableDefinition.Column column : table.columns()) {
      implicitTime(column);
      if (column.onUpdate()) {
        judgement.need(Need.TIME);
      }
      if (asksForDefault) {
        byDefault(column);
      }
    }
  }

  /** NULL given to a TIMESTAMP that may not be NULL means now. */
  private void implicitTime(TableDefinition.Column column) {
    if (column.type().equals("timestamp") && !column.nullable()) {
      judgement.need(Need.TIME);
    }
  }

  private void byDefault(TableDefinition.Column column) {
    column
        .defaultExpression()
        .ifPresent(
            text -> {
              Tokens tokens = SqlLexer.read(Bytes.utf8(text), Dialect.DEFAULT);
              Facts facts = FactsReader.read(tokens, 0, tokens.count());
              FactsRules.check(facts, Place.DEFINITION, judgement);
              judgement.rowsIf(
                  shape.select() && facts.calls(FunctionKind.RAND),
                  "a default of RAND() for the rows of a query");
            });
  }

  private boolean lists(String column) {
    return shape.columns().stream().anyMatch(column::equalsIgnoreCase);
  }

  private boolean asksForDefault() {
    return mentionsDefault(shape.rows().orElse(new TokenRange(0, 0)))
        || mentionsDefault(shape.assignments().orElse(new TokenRange(0, 0)));
  }

  private boolean mentionsDefault(TokenRange range) {
    for (int i = range.from(); i < range.to(); i++) {
      if (statement.tokens().is(i, "DEFAULT")) {
        return true;
      }
    }
    return false;
  }

  /** {@code INSERT INTO t VALUES ()} and an empty column list take every default. */
  private boolean hasEmptyRow() {
    int first = shape.rows().map(TokenRange::from).orElse(0);
    return shape.columns().isEmpty()
        && statement.tokens().isSymbol(first, '(')
        && statement.tokens().isSymbol(first + 1, ')');
  }
}
