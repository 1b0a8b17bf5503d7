package io.lockstep.gateway;

import io.lockstep.gateway.events.EventDefinition;
import io.lockstep.gateway.grants.Grants;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.SessionId;
import io.lockstep.mysql.BackendConnection;
import io.lockstep.mysql.Capabilities;
import io.lockstep.mysql.Collations;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.ClientCharset;
import io.lockstep.sql.EventProcedures;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the body of one event at this node's own database, in a session of Lockstep's own account:
 * as a procedure with the event's definer, which is called like any other, so that its rows are
 * captured and ordered. The procedure is this node's alone, has a name of its own, and is dropped
 * when the body has run. Lives on its gateway's context.
 */
final class EventRun {
  private static final Logger LOG = LoggerFactory.getLogger(EventRun.class);
  private static final int LOCK_WAIT_SECONDS = 5;
  private static final int CAPABILITIES =
      Capabilities.PROTOCOL_41 | Capabilities.MULTI_RESULTS | Capabilities.TRANSACTIONS;

  private final EventDefinition event;
  private final Session session;
  private final String name;
  private final String procedure;

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
    this.name = EventProcedures.name(state.connectionId());
    this.procedure = OrderedEvents.quoted(event.name().schema()) + "." + OrderedEvents.quoted(name);
  }

  Future<Void> run() {
    return session
        .open()
        .compose(ready -> session.mastership().another())
        .compose(
            side ->
                make(side)
                    .compose(made -> told("SET time_zone='" + event.context().timeZone() + "'"))
                    .compose(set -> told("CALL " + procedure + "()"))
                    .eventually(() -> drop(side)))
        .eventually(
            () -> {
              session.close();
              return Future.succeededFuture();
            })
        .recover(cause -> Future.failedFuture(Failures.forClient(cause)));
  }

  private Future<Void> make(BackendConnection side) {
    String definer = OrderedEvents.account(event.definer());
    return TextRows.query(side, "SHOW GRANTS FOR " + definer)
        .map(EventRun::grants)
        .compose(
            grants ->
                allowed(grants)
                    .compose(allowed -> all(side, settings()))
                    .compose(set -> TextRows.query(side, definition(definer)))
                    .compose(made -> all(side, executable(grants))));
  }

  private static Grants grants(TextRows shown) {
    return Grants.parse(
        shown.rows().stream().flatMap(row -> row.get(0).stream()).map(Bytes::utf8).toList());
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

  /**
   * The definer of a procedure needs EXECUTE for it, but that of an event does not. GRANT would not
   * do: it writes the account's own row anew, in another form than the other nodes have. With the
   * procedure goes this row, too.
   */
  private List<String> executable(Grants grants) {
    String utf8 = "SET character_set_client=utf8mb4, sql_mode=''";
    return grants.schema("EXECUTE", event.name().schema())
        ? List.of(utf8)
        : List.of(
            utf8,
            "INSERT INTO mysql.procs_priv"
                + " (Host, Db, User, Routine_name, Routine_type, Grantor, Proc_priv) VALUES ("
                + String.join(
                    ",",
                    text(event.definer().host()),
                    text(event.name().schema()),
                    text(event.definer().user()),
                    text(name))
                + ",'PROCEDURE','','Execute')",
            "FLUSH LOCAL PRIVILEGES");
  }

  private static String text(String plain) {
    return plain.isEmpty() ? "''" : ProcessList.hex(plain);
  }

  private List<String> settings() {
    EventDefinition.Context context = event.context();
    return List.of(
        "SET sql_log_bin=0, lock_wait_timeout=" + LOCK_WAIT_SECONDS,
        "SET character_set_client='"
            + context.charset()
            + "', collation_connection='"
            + context.collation()
            + "', sql_mode='"
            + context.sqlMode()
            + "'");
  }

  private Bytes definition(String definer) {
    byte[] head =
        ("CREATE DEFINER=" + definer + " PROCEDURE " + procedure + "() SQL SECURITY DEFINER\n")
            .getBytes(ClientCharset.of(event.context().charset()).java());
    byte[] all = Arrays.copyOf(head, head.length + event.body().length());
    System.arraycopy(event.body().view(), 0, all, head.length, event.body().length());
    return Bytes.owning(all);
  }

  private static Future<Void> all(BackendConnection side, List<String> statements) {
    Future<Void> done = Future.succeededFuture();
    for (String sql : statements) {
      done = done.compose(before -> TextRows.query(side, sql).mapEmpty());
    }
    return done;
  }

  private Future<Void> told(String sql) {
    RowAnswer answer = new RowAnswer(new Unread());
    return session
        .run(Bytes.utf8(sql), answer)
        .compose(done -> answer.taken())
        .compose(
            taken ->
                answer
                    .failure()
                    .<Future<Void>>map(
                        error -> Future.failedFuture(new ClientErrorException(error)))
                    .orElseGet(Future::succeededFuture));
  }

  /** What cannot be dropped now is when this node starts again; nobody else knows its name. */
  private Future<Void> drop(BackendConnection side) {
    return all(
            side,
            List.of(
                "SET character_set_client=utf8mb4",
                "DROP PROCEDURE IF EXISTS " + procedure,
                "DELETE FROM mysql.procs_priv WHERE Routine_name=" + text(name)))
        .onFailure(cause -> LOG.info("a procedure is left behind: {}", cause.getMessage()))
        .transform(dropped -> side.quit());
  }

  /** What a body shows, nobody reads. */
  private static final class Unread implements RowSink {
    @Override
    public void columns(List<Column> columns) {}

    @Override
    public Future<Void> row(List<Optional<Bytes>> values) {
      return Future.succeededFuture();
    }
  }
}
