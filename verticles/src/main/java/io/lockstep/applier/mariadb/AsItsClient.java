package io.lockstep.applier.mariadb;

import io.lockstep.applier.ContextDialect;
import io.lockstep.model.Bytes;
import io.lockstep.model.Step;
import io.lockstep.model.Write;
import io.lockstep.model.WriteKind;
import io.lockstep.mysql.Reply;
import io.lockstep.sql.RoleGrants;
import io.lockstep.sql.SqlLexer;
import io.vertx.core.Future;
import java.nio.charset.Charset;

/**
 * Runs what depends on who does it as the client's own account, which then owns the role that it
 * makes, and may do only what it may: in a procedure with that account as its definer (MariaDB
 * Knowledge Base, SQL SECURITY). On an applier's connection.
 */
final class AsItsClient {
  private static final String PROCEDURE = "`lockstep`.`as_its_client`";
  private static final Bytes CALL = Bytes.utf8("CALL " + PROCEDURE + "()");

  private final Link link;

  AsItsClient(Link link) {
    this.link = link;
  }

  static boolean concerns(Write write) {
    Step.Statement statement = write.statement();
    return write.kind() == WriteKind.ACCOUNT
        && RoleGrants.is(SqlLexer.read(statement.sql(), ContextDialect.of(statement)));
  }

  /** The answer is the statement's own. */
  Future<Reply> run(Write write) {
    return link.connection()
        .query(definition(write))
        .compose(made -> unlessFailed(made, permission(write)))
        .compose(allowed -> unlessFailed(allowed, CALL));
  }

  private Future<Reply> unlessFailed(Reply before, Bytes next) {
    return before.failure().isPresent()
        ? Future.succeededFuture(before)
        : link.connection().query(next);
  }

  /** Its own definer needs that too; it goes with the procedure. Nobody is made by it. */
  private static Bytes permission(Write write) {
    return encoded(
        write,
        "SET STATEMENT sql_mode='NO_AUTO_CREATE_USER' FOR GRANT EXECUTE ON PROCEDURE "
            + PROCEDURE
            + " TO "
            + account(write));
  }

  /** Behind what is still to be asked about the answer. */
  Future<Void> forget() {
    return link.run("DROP PROCEDURE IF EXISTS " + PROCEDURE).mapEmpty();
  }

  private static Bytes definition(Write write) {
    byte[] head =
        encoded(
                write,
                "CREATE OR REPLACE DEFINER="
                    + account(write)
                    + " PROCEDURE "
                    + PROCEDURE
                    + "() SQL SECURITY DEFINER ")
            .view();
    Bytes sql = write.statement().sql();
    byte[] whole = new byte[head.length + sql.length()];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(sql.view(), 0, whole, head.length, sql.length());
    return Bytes.owning(whole);
  }

  private static String account(Write write) {
    return Sql.name(write.account().user()) + "@" + Sql.name(write.account().host());
  }

  /** As the session reads what its client has sent. */
  private static Bytes encoded(Write write, String text) {
    Charset charset = ContextDialect.of(write.statement()).charset().java();
    return Bytes.owning(text.getBytes(charset));
  }
}
