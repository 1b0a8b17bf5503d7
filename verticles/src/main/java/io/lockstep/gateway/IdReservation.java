package io.lockstep.gateway;

import io.lockstep.model.Applied;
import io.lockstep.model.Bytes;
import io.lockstep.model.IdDraw;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.model.WriteKind;
import io.lockstep.mysql.BackendRefusedException;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.NamedSchemas;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes AUTO_INCREMENT ids from the order for a statement of an open transaction, whose client is
 * told them before it commits. If it does not commit they are burnt, as on one server.
 */
final class IdReservation {
  private static final Logger LOG = LoggerFactory.getLogger(IdReservation.class);

  private final Session session;
  private final DrawnIds drawn;

  IdReservation(Session session) {
    this.session = session;
    this.drawn = session.transaction().journal().drawnIds();
  }

  /** The first id; empty for a statement that draws none. */
  Future<OptionalLong> take(Optional<IdDraw> draw) {
    return draw.filter(one -> one.drawn() > 0)
        .map(this::take)
        .orElseGet(() -> Future.succeededFuture(OptionalLong.empty()));
  }

  /**
   * What was taken ahead goes back before the transaction ends, unless others have drawn since.
   * Where that fails it is burnt, like the ids of a transaction that is rolled back.
   */
  Future<Void> giveBack() {
    Future<Void> done = Future.succeededFuture();
    for (DrawnIds.Unused unused : drawn.unused()) {
      TableName table = unused.draw().table();
      done =
          done.compose(before -> giveBack(unused, table))
              .onFailure(cause -> LOG.info("ids of {} are burnt: {}", table, cause))
              .otherwiseEmpty()
              .mapEmpty();
    }
    return done;
  }

  private Future<Applied> giveBack(DrawnIds.Unused unused, TableName table) {
    return session.order(
        WriteKind.IDS_UNUSED,
        List.of(step(unused.draw())),
        unused::since,
        Set.of(NamedSchemas.lower(table.schema())),
        () -> {});
  }

  private Future<OptionalLong> take(IdDraw draw) {
    return behindCaptured(draw)
        .compose(
            known -> {
              OptionalLong here = drawn.use(draw);
              return here.isPresent()
                  ? Future.succeededFuture(here)
                  : take(draw, drawn.ask(draw), 1);
            });
  }

  /**
   * What is captured may have drawn ids at the branch's database, by a trigger or in a procedure,
   * of which the order hears with the commit: the next ones come behind those.
   */
  private Future<Void> behindCaptured(IdDraw draw) {
    if (!drawn.unknown(draw.table())) {
      return Future.succeededFuture();
    }
    String highest =
        "SELECT MAX(`"
            + draw.column().replace("`", "``")
            + "`) FROM "
            + draw.table().quoted()
            + " LIMIT 1";
    return session
        .ready()
        .map(settings -> highest.getBytes(settings.dialect().charset().java()))
        .compose(
            text ->
                session
                    .transaction()
                    .inside(BranchUse.LATEST, backend -> backend.query(Bytes.owning(text))))
        .compose(TextRows::of)
        .map(
            rows -> {
              rows.single().ifPresent(id -> drawn.named(draw.table(), number(id)));
              return (Void) null;
            })
        .recover(IdReservation::unlessHidden)
        .onSuccess(known -> drawn.looked(draw.table()));
  }

  /** Who may insert need not be allowed to look: another's id may then be in the way. */
  private static Future<Void> unlessHidden(Throwable cause) {
    return cause instanceof BackendRefusedException
        ? Future.succeededFuture()
        : Future.failedFuture(cause);
  }

  private static long number(Bytes digits) {
    return new BigDecimal(digits.latin1()).min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
  }

  private Future<OptionalLong> take(IdDraw draw, IdDraw asked, int attempt) {
    return session
        .order(WriteKind.IDS, step(asked), asked.table())
        .compose(
            applied ->
                applied
                    .outcome()
                    .fold(
                        done ->
                            Future.succeededFuture(
                                OptionalLong.of(
                                    drawn.took(
                                        draw, done.lastInsertId(), asked.drawn(), applied.seq()))),
                        failed ->
                            asked.drawn() > draw.drawn()
                                ? take(draw, drawn.askAlone(draw), attempt)
                                : failed(failed),
                        refused -> again(refused, draw, asked, attempt)));
  }

  private static Step step(IdDraw draw) {
    return new Step.Statement("", List.of(), Bytes.utf8("IDS"), Optional.of(draw));
  }

  /** Definitions have changed: taking more ids than needed does no harm. */
  private Future<OptionalLong> again(
      Outcome.Refused refused, IdDraw draw, IdDraw asked, int attempt) {
    boolean stale = refused.reason() == Outcome.Refused.Reason.STALE;
    if (!stale || attempt >= Writing.PLANS_MAX) {
      return refused();
    }
    return session
        .parts()
        .ports()
        .timers()
        .pause(Writing.PAUSE.multipliedBy(attempt))
        .compose(passed -> take(draw, asked, attempt + 1));
  }

  private static Future<OptionalLong> failed(Outcome.Failed failed) {
    return Future.failedFuture(
        new ClientErrorException(
            new MySqlError(failed.code(), failed.sqlState(), failed.message())));
  }

  private static Future<OptionalLong> refused() {
    return Future.failedFuture(new ClientErrorException(MySqlError.deadlock()));
  }
}
