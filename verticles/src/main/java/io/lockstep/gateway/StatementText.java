package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.Facts;
import io.lockstep.sql.FunctionKind;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.vertx.core.Future;
import java.util.HexFormat;

/**
 * The text that PREPARE and EXECUTE IMMEDIATE are given. What is not one string is computed by the
 * session's database, which knows the variables in it.
 */
final class StatementText {
  private final Session session;

  StatementText(Session session) {
    this.session = session;
  }

  /** In the client's character set. */
  Future<Bytes> of(Statement statement, StatementClass.Text text) {
    return text.literal()
        .map(Future::succeededFuture)
        .orElseGet(() -> computed(statement.facts(), text.expression()));
  }

  private Future<Bytes> computed(Facts facts, Bytes expression) {
    // The server refuses stored functions and queries here with the same code.
    if (facts.callsUnknownFunction()
        || facts.calls(FunctionKind.SEQUENCE)
        || facts.takesUserLock()
        || !facts.tables().isEmpty()) {
      return Future.failedFuture(
          new ClientErrorException(
              MySqlError.notSupported("functions and queries in the text of a statement")));
    }
    if (facts.assignsUserVariables()) {
      session.state().pin("the text of a statement assigned user variables");
    }
    return session
        .ready()
        .compose(
            settings -> {
              session.tellInsertId();
              return session.backend().query(question(settings.charset(), expression));
            })
        .compose(TextRows::of)
        .map(
            rows ->
                rows.single()
                    .map(hex -> Bytes.owning(HexFormat.of().parseHex(hex.latin1())))
                    .orElseGet(() -> Bytes.utf8("NULL")));
  }

  private static Bytes question(String charset, Bytes expression) {
    ComputedText text = new ComputedText(charset, expression.latin1());
    return Bytes.ofLatin1("SELECT " + text.column() + text.source() + " LIMIT 1");
  }
}
