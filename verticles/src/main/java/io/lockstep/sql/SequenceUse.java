package io.lockstep.sql;

import io.lockstep.model.TableName;
import io.lockstep.sql.DmlShape.TokenRange;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Where a statement uses sequences: only what is computed once can be written into its text. */
public final class SequenceUse {
  private final Statement statement;
  private final Tokens tokens;
  private final List<SequenceCall> calls;

  public SequenceUse(Statement statement, List<SequenceCall> calls) {
    this.statement = statement;
    this.tokens = statement.tokens();
    this.calls = calls;
  }

  /** Whether each value is needed once at most, whatever rows there are. */
  public Future<Boolean> isOnce(Catalogue catalogue, SessionFacts session) {
    if (calls.stream().allMatch(call -> call.verb() == SequenceCall.Verb.LAST)) {
      return Future.succeededFuture(true);
    }
    if (statement.type() instanceof StatementClass.Dml dml) {
      return dml.shape().inserts()
          ? Future.succeededFuture(insertsOnce(dml.shape()))
          : changesOneRow(dml.shape(), catalogue, session);
    }
    return Future.succeededFuture(!readsRows(0, tokens.count()));
  }

  /** Whether rows come from anywhere, which each have their own value. */
  private boolean readsRows(int from, int to) {
    for (int i = from; i < to; i++) {
      boolean rows = tokens.is(i, "FROM") && !tokens.is(i + 1, "DUAL");
      if (rows || tokens.isAny(i, "WITH", "RECURSIVE")) {
        return true;
      }
    }
    return false;
  }

  private boolean insertsOnce(DmlShape shape) {
    if (shape.select()) {
      return !readsRows(0, tokens.count()) && !shape.returning();
    }
    TokenRange rows = shape.rows().orElse(new TokenRange(0, 0));
    return calls.stream().allMatch(call -> isIn(rows, call) && !insideRows(call));
  }

  /** Whether it stands in a query of rows: its value would be another one for each of them. */
  private boolean insideRows(SequenceCall call) {
    for (int i = 0; i < call.first(); i++) {
      boolean query = tokens.isSymbol(i, '(') && tokens.isAny(i + 1, "SELECT", "WITH", "(");
      if (query && tokens.closing(i) > call.last() && readsRows(i, tokens.closing(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isIn(TokenRange range, SequenceCall call) {
    return call.first() >= range.from() && call.last() < range.to();
  }

  private Future<Boolean> changesOneRow(DmlShape shape, Catalogue catalogue, SessionFacts session) {
    Optional<TableName> target =
        shape.targets().stream().findFirst().flatMap(ref -> ref.in(session.schema()));
    TokenRange assigned = shape.assignments().orElse(new TokenRange(0, 0));
    boolean plain =
        !shape.multiTable()
            && calls.stream().allMatch(call -> isIn(assigned, call) && !insideRows(call));
    if (!plain || target.isEmpty() || shape.where().isEmpty()) {
      return Future.succeededFuture(false);
    }
    return catalogue
        .table(target.get(), session.definitions())
        .map(
            table ->
                table
                    .filter(found -> new Conditions(tokens, found).pins(shape.where().get()))
                    .isPresent());
  }
}
