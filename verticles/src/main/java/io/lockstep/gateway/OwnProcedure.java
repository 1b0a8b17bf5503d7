package io.lockstep.gateway;

import io.lockstep.gateway.grants.Grants;
import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.TableName;
import io.lockstep.mysql.BackendConnection;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.ClientCharset;
import io.lockstep.sql.OwnProcedures;
import io.lockstep.sql.StoredProcedure;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A procedure that a node makes for itself at its own database, beside the order: it has one of the
 * names of {@link OwnProcedures}. Used on a connection of Lockstep's own account, whose session it
 * changes. Lives on the context of whoever uses it.
 *
 * @param name in the schema of whatever it stands for
 * @param invokers whether it has the rights of who calls it, and not its definer's
 * @param parameters and {@code body}, in the character set of {@code context}
 */
record OwnProcedure(
    TableName name,
    Account definer,
    boolean invokers,
    Bytes parameters,
    Bytes body,
    StoredProcedure.Context context) {
  private static final Logger LOG = LoggerFactory.getLogger(OwnProcedure.class);
  private static final int LOCK_WAIT_SECONDS = 5;
  private static final String PLAIN = "SET character_set_client=utf8mb4, sql_mode=''";

  /** Leaves the session of {@code side} unlogged and in plain modes. */
  Future<Void> make(BackendConnection side) {
    return all(
            side,
            List.of(
                "SET sql_log_bin=0, lock_wait_timeout=" + LOCK_WAIT_SECONDS,
                "SET character_set_client='"
                    + context.charset()
                    + "', collation_connection='"
                    + context.collation()
                    + "', sql_mode='"
                    + context.sqlMode()
                    + "'"))
        .compose(set -> TextRows.query(side, definition()))
        .compose(made -> all(side, List.of(PLAIN)));
  }

  private Bytes definition() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes(
        bytes(
            "CREATE DEFINER="
                + OrderedEvents.account(definer)
                + " PROCEDURE "
                + name.quoted()
                + "("));
    text.writeBytes(parameters.view());
    text.writeBytes(bytes(") SQL SECURITY " + (invokers ? "INVOKER" : "DEFINER") + "\n"));
    text.writeBytes(body.view());
    return Bytes.owning(text.toByteArray());
  }

  private byte[] bytes(String text) {
    return text.getBytes(ClientCharset.of(context.charset()).java());
  }

  /**
   * Lets an account call it. Who may call everything in its schema needs nothing; GRANT would not
   * do for the others: it writes the account's own row anew, in another form than the other nodes
   * have. With the procedure goes this row, too.
   */
  Future<Void> admit(BackendConnection side, Account account) {
    return grants(side, account)
        .compose(
            grants ->
                grants.schema("EXECUTE", name.schema())
                    ? Future.succeededFuture()
                    : all(
                        side,
                        List.of(
                            PLAIN,
                            "INSERT IGNORE INTO mysql.procs_priv"
                                + " (Host, Db, User, Routine_name, Routine_type, Grantor, Proc_priv)"
                                + " VALUES ("
                                + String.join(
                                    ",",
                                    text(account.host()),
                                    text(name.schema()),
                                    text(account.user()),
                                    text(name.table()))
                                + ",'PROCEDURE','','Execute')",
                            "FLUSH LOCAL PRIVILEGES")));
  }

  /** What an account may do, without the roles that a session of it may have enabled. */
  static Future<Grants> grants(BackendConnection side, Account account) {
    return TextRows.query(side, "SHOW GRANTS FOR " + OrderedEvents.account(account))
        .map(
            shown ->
                Grants.parse(
                    shown.rows().stream()
                        .flatMap(row -> row.get(0).stream())
                        .map(Bytes::utf8)
                        .toList()));
  }

  /** What cannot be dropped now is when this node starts again; nobody else knows its name. */
  Future<Void> drop(BackendConnection side) {
    return all(
            side,
            List.of(
                PLAIN,
                "DROP PROCEDURE IF EXISTS " + name.quoted(),
                "DELETE FROM mysql.procs_priv WHERE Routine_name=" + text(name.table())))
        .onFailure(cause -> LOG.info("a procedure is left behind: {}", cause.getMessage()))
        .otherwiseEmpty();
  }

  private static String text(String plain) {
    return plain.isEmpty() ? "''" : ProcessList.hex(plain);
  }

  private static Future<Void> all(BackendConnection side, List<String> statements) {
    Future<Void> done = Future.succeededFuture();
    for (String sql : statements) {
      done = done.compose(before -> TextRows.query(side, sql).mapEmpty());
    }
    return done;
  }
}
