package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.IdDraw;
import io.lockstep.model.Seq;
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
import java.util.OptionalLong;
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
  private final Map<TableName, Block> blocks = new LinkedHashMap<>();

  /** What was taken for one table, from {@code first} on. */
  private static final class Block {
    private final IdDraw one;
    private int wanted;
    private int taken;
    private long first;
    private Seq since = Seq.NONE;

    private Block(IdDraw one, int wanted) {
      this.one = one;
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
                            blocks.put(
                                table,
                                new Block(
                                    new IdDraw(
                                        table, column.name(), 1, OptionalLong.empty(), false),
                                    Math.max(1, before.getOrDefault(table, count))))));
  }

  /** Others were faster. */
  void areContended() {
    blocks.keySet().forEach(session.parts().contended()::are);
  }

  boolean contended() {
    return blocks.keySet().stream().anyMatch(session.parts().contended()::contended);
  }

  /**
   * Takes what is still needed, and says so to the connection where the program is about to run.
   */
  Future<Void> give(Backend backend) {
    Future<Void> done = Future.succeededFuture();
    for (Block block : blocks.values()) {
      done = done.compose(before -> take(block));
    }
    return done.compose(
            taken ->
                backend.query(
                    blocks.entrySet().stream()
                        .map(one -> variable(one.getKey()) + "=" + one.getValue().first)
                        .collect(Collectors.joining(", ", "SET ", ""))))
        .mapEmpty();
  }

  private Future<Void> take(Block block) {
    if (block.wanted <= block.taken) {
      return Future.succeededFuture();
    }
    int count = block.wanted;
    Seq since = session.parts().ports().position().get().seq();
    IdDraw asked =
        new IdDraw(block.one.table(), block.one.column(), count, block.one.explicitMax(), false);
    return new IdReservation(session)
        .take(Optional.of(asked))
        .map(
            first -> {
              block.first = first.orElseThrow();
              block.taken = count;
              block.since = since;
              return null;
            });
  }

  /**
   * It may have drawn more than it was given, and met another's: so many again for the next try.
   */
  void more() {
    blocks
        .values()
        .forEach(block -> block.wanted = Math.max(block.wanted, RowIds.more(block.taken)));
  }

  /** Whether the program has drawn no more than what it was given; else it is given that. */
  Future<Boolean> enough(Backend backend) {
    return TextRows.query(
            backend.connection(),
            blocks.keySet().stream()
                .map(CallIds::variable)
                .collect(Collectors.joining(", ", "SELECT ", "")))
        .map(rows -> enough(rows.rows().get(0)))
        .onSuccess(
            enough -> {
              if (enough) {
                left();
              }
            });
  }

  private boolean enough(List<Optional<Bytes>> next) {
    boolean enough = true;
    int column = 0;
    for (Block block : blocks.values()) {
      long behind =
          next.get(column++).map(text -> Long.parseLong(text.latin1())).orElse(block.first);
      block.wanted = (int) Math.min(Integer.MAX_VALUE, behind - block.first);
      enough &= block.wanted <= block.taken;
    }
    Map<TableName, Integer> wanted = new LinkedHashMap<>();
    blocks.forEach((table, block) -> wanted.put(table, block.wanted));
    procedure.ifPresent(one -> session.parts().contended().drew(one, wanted));
    return enough;
  }

  /** What was not needed goes back when the transaction ends. */
  private void left() {
    DrawnIds drawn = session.transaction().journal().drawnIds();
    for (Block block : blocks.values()) {
      if (block.wanted < block.taken) {
        drawn.left(block.one, block.first + block.wanted, block.first + block.taken, block.since);
      }
    }
  }

  private static String variable(TableName table) {
    return "@" + ProgramInserts.variable(table);
  }

  /** Whether it draws ids, as far as its text tells, all of tables that are such. */
  boolean all(Predicate<TableName> such) {
    return !blocks.isEmpty() && blocks.keySet().stream().allMatch(such);
  }
}
