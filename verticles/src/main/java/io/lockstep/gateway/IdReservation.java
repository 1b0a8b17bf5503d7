package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.IdDraw;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.model.Step;
import io.lockstep.model.WriteKind;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Takes AUTO_INCREMENT ids from the order for a statement of an open transaction, whose client is
 * told them before it commits. If it does not commit they are burnt, as on one server.
 */
final class IdReservation {
  private final Session session;

  IdReservation(Session session) {
    this.session = session;
  }

  /** The first id; empty for a statement that draws none. */
  Future<OptionalLong> take(Optional<IdDraw> draw) {
    return draw.filter(one -> one.drawn() > 0)
        .map(one -> take(one, 1))
        .orElseGet(() -> Future.succeededFuture(OptionalLong.empty()));
  }

  private Future<OptionalLong> take(IdDraw draw, int attempt) {
    IdDraw behind =
        new IdDraw(
            draw.table(),
            draw.column(),
            draw.drawn(),
            session.transaction().journal().highestId(draw.table()),
            draw.reread());
    Step ids = new Step.Statement("", List.of(), Bytes.utf8("IDS"), Optional.of(behind));
    return session
        .order(WriteKind.IDS, ids, draw.table())
        .compose(
            applied ->
                applied
                    .outcome()
                    .fold(
                        done -> Future.succeededFuture(OptionalLong.of(done.lastInsertId())),
                        failed ->
                            Future.failedFuture(
                                new ClientErrorException(
                                    new MySqlError(
                                        failed.code(), failed.sqlState(), failed.message()))),
                        refused -> again(refused, draw, attempt)));
  }

  /** Definitions have changed: taking more ids than needed does no harm. */
  private Future<OptionalLong> again(Outcome.Refused refused, IdDraw draw, int attempt) {
    boolean stale = refused.reason() == Outcome.Refused.Reason.STALE;
    if (!stale || attempt >= Writing.PLANS_MAX) {
      return refused();
    }
    return session
        .parts()
        .ports()
        .timers()
        .pause(Writing.PAUSE.multipliedBy(attempt))
        .compose(passed -> take(draw, attempt + 1));
  }

  private static Future<OptionalLong> refused() {
    return Future.failedFuture(new ClientErrorException(MySqlError.deadlock()));
  }
}
