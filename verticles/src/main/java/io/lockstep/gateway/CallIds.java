package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.TableName;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.CommittingProcedures;
import io.lockstep.sql.ProgramInserts;
import io.lockstep.sql.TableDefinition;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The AUTO_INCREMENT ids that a stored program's own statements draw, taken from the order before
 * it is called: as many as it drew when it was called last, or one for each statement; if it turns
 * out to draw more, these for the next try. What was taken stays with the call, however often it is
 * run. Lives on its session's context.
 */
final class CallIds {
  private final Session session;
  private final Optional<TableName> procedure;
  private final Map<TableName, Need> needs = new LinkedHashMap<>();

  /** What it needs of one table. */
  private static final class Need {
    private final IdBlock block;
    private int wanted;

    private Need(IdBlock block, int wanted) {
      this.block = block;
      this.wanted = wanted;
    }
  }

  CallIds(Session session, FoundCall found) {
    this.session = session;
    this.procedure =
        found.called().itself().isPresent() ? Optional.empty() : Optional.of(found.called().name());
    CommittingProcedures procedures = found.procedures();
    Map<TableName, Integer> before =
        procedure.map(session.parts().contended()::drawnBy).orElseGet(Map::of);
    procedures
        .draws()
        .forEach(
            (table, count) ->
                Optional.ofNullable(procedures.numbers().get(table))
                    .flatMap(TableDefinition::autoIncrement)
                    .ifPresent(
                        column ->
                            needs.put(
                                table,
                                new Need(
                                    new IdBlock(session, table, column.name()),
                                    Math.max(1, before.getOrDefault(table, count))))));
  }

  /** Others were faster. */
  void areContended() {
    needs.keySet().forEach(session.parts().contended()::are);
  }

  boolean contended() {
    return needs.keySet().stream().anyMatch(session.parts().contended()::contended);
  }

  /**
   * Takes what is still needed, and says so to the connection where the program is about to run.
   */
  Future<Void> give(Backend backend) {
    Future<Void> done = Future.succeededFuture();
    for (Need need : needs.values()) {
      done = done.compose(before -> need.block.take(need.wanted));
    }
    return done.compose(
            taken ->
                backend.query(
                    needs.entrySet().stream()
                        .map(one -> variable(one.getKey()) + "=" + one.getValue().block.first())
                        .collect(Collectors.joining(", ", "SET ", ""))))
        .mapEmpty();
  }

  /**
   * It may have drawn more than it was given, and met another's: so many again for the next try.
   */
  void more() {
    needs.values().forEach(need -> need.wanted = Math.max(need.wanted, need.block.more()));
  }

  /** Whether the program has drawn no more than what it was given; else it is given that. */
  Future<Boolean> enough(Backend backend) {
    return TextRows.query(
            backend.connection(),
            needs.keySet().stream()
                .map(CallIds::variable)
                .collect(Collectors.joining(", ", "SELECT ", "")))
        .map(rows -> enough(rows.rows().get(0)))
        .onSuccess(
            enough -> {
              if (enough) {
                needs.values().forEach(need -> need.block.left(need.wanted));
              }
            });
  }

  private boolean enough(List<Optional<Bytes>> next) {
    boolean enough = true;
    int column = 0;
    Map<TableName, Integer> drawn = new LinkedHashMap<>();
    for (Need need : needs.values()) {
      long first = need.block.first();
      long behind = next.get(column++).map(text -> Long.parseLong(text.latin1())).orElse(first);
      need.wanted = (int) Math.min(Integer.MAX_VALUE, behind - first);
      enough &= need.wanted <= need.block.taken();
      drawn.put(need.block.table(), need.wanted);
    }
    procedure.ifPresent(one -> session.parts().contended().drew(one, drawn));
    return enough;
  }

  private static String variable(TableName table) {
    return "@" + ProgramInserts.variable(table);
  }

  /** Whether it draws ids, as far as its text tells, all of tables that are such. */
  boolean all(Predicate<TableName> such) {
    return !needs.isEmpty() && needs.keySet().stream().allMatch(such);
  }
}
