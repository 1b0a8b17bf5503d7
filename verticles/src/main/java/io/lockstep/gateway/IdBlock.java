package io.lockstep.gateway;

import io.lockstep.model.IdDraw;
import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * AUTO_INCREMENT ids of one table, taken from the order for what is about to draw them at its
 * master. They stay with it, however often it is run. Lives on its session's context.
 */
final class IdBlock {
  /** Whoever draws more is known to when it has been run without an error. */
  private static final int MORE_MAX = 1_024;

  private final Session session;
  private final TableName table;
  private final String column;
  private long first;
  private int taken;
  private Seq since = Seq.NONE;

  IdBlock(Session session, TableName table, String column) {
    this.session = session;
    this.table = table;
    this.column = column;
  }

  TableName table() {
    return table;
  }

  /** The lowest; 0 before any were taken. */
  long first() {
    return first;
  }

  /** How many there are, from {@link #first} on. */
  int taken() {
    return taken;
  }

  /** Takes so many from the order, unless there are as many. */
  Future<Void> take(int count) {
    if (count <= taken) {
      return Future.succeededFuture();
    }
    Seq before = session.parts().ports().position().get().seq();
    return new IdReservation(session)
        .take(Optional.of(draw(count)))
        .map(
            from -> {
              first = from.orElseThrow();
              taken = count;
              since = before;
              return null;
            });
  }

  /** For a try that may have drawn more than there are: some more, up to a bound. */
  int more() {
    return Math.max(taken, Math.min(Math.max(1, 2 * taken), MORE_MAX));
  }

  /** Those behind the first {@code used} go back when the transaction ends. */
  void left(int used) {
    if (used < taken) {
      DrawnIds drawn = session.transaction().journal().drawnIds();
      drawn.left(draw(1), first + used, first + taken, since);
    }
  }

  private IdDraw draw(int count) {
    return new IdDraw(table, column, count, OptionalLong.empty(), false);
  }
}
