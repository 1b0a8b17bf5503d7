package io.lockstep.gateway;

import io.lockstep.gateway.events.EventDefinition;
import io.lockstep.gateway.grants.Grants;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.SessionId;
import io.lockstep.model.TableName;
import io.lockstep.mysql.BackendConnection;
import io.lockstep.mysql.Capabilities;
import io.lockstep.mysql.Collations;
import io.lockstep.sql.OwnProcedures;
import io.lockstep.sql.StoredProcedure;
import io.vertx.core.Future;

/**
 * Runs the body of one event at this node's own database, in a session of Lockstep's own account:
 * as a procedure with the event's definer, which is called like any other, so that its rows are
 * captured and ordered. The procedure is this node's alone, has a name of its own, and is dropped
 * when the body has run. Lives on its gateway's context.
 */
final class EventRun {
  private static final int CAPABILITIES =
      Capabilities.PROTOCOL_41 | Capabilities.MULTI_RESULTS | Capabilities.TRANSACTIONS;

  private final EventDefinition event;
  private final Session session;
  private final OwnProcedure procedure;

  EventRun(SessionParts parts, EventDefinition event) {
    this.event = event;
    SessionState state =
        new SessionState(
            SessionId.ofConnection(parts.random().nextLong(), parts.random().nextLong()),
            parts.ports().connections().nextId());
    BackendFace face =
        BackendFace.own(
            parts.ports().own(), CAPABILITIES, Collations.UTF8MB4_GENERAL_CI, parts.ports().self());
    this.session = new Session(parts, state, face, false);
    EventDefinition.Context context = event.context();
    this.procedure =
        new OwnProcedure(
            new TableName(event.name().schema(), OwnProcedures.name(state.connectionId())),
            event.definer(),
            false,
            Bytes.EMPTY,
            event.body(),
            new StoredProcedure.Context(context.sqlMode(), context.charset(), context.collation()));
  }

  Future<Void> run() {
    return session
        .open()
        .compose(ready -> session.mastership().another())
        .compose(
            side ->
                make(side)
                    .compose(
                        made ->
                            QuietStatement.run(
                                session, "SET time_zone='" + event.context().timeZone() + "'"))
                    .compose(
                        set ->
                            QuietStatement.run(session, "CALL " + procedure.name().quoted() + "()"))
                    .eventually(() -> procedure.drop(side).compose(dropped -> side.quit())))
        .eventually(
            () -> {
              session.close();
              return Future.succeededFuture();
            })
        .recover(cause -> Future.failedFuture(Failures.forClient(cause)));
  }

  private Future<Void> make(BackendConnection side) {
    return OwnProcedure.grants(side, event.definer())
        .compose(this::allowed)
        .compose(allowed -> procedure.make(side))
        .compose(made -> procedure.admit(side, event.definer()));
  }

  /** A definer without EVENT gets the error that the server's own scheduler would log. */
  private Future<Void> allowed(Grants grants) {
    return grants.schema("EVENT", event.name().schema())
        ? Future.succeededFuture()
        : Future.failedFuture(
            new ClientErrorException(
                new MySqlError(
                    1044,
                    "42000",
                    "Access denied for user "
                        + event.definer()
                        + " to database '"
                        + event.name().schema()
                        + "'")));
  }
}
