package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.vertx.core.Future;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Executes a named read: the database itself is given its text and its arguments, so that columns
 * are named, and parameters taken, as it does it.
 */
final class TextReading {
  private final Session session;
  private final Statement inner;
  private final Answer answer;

  TextReading(Session session, Statement inner, Answer answer) {
    this.session = session;
    this.inner = inner;
    this.answer = answer;
  }

  /** A transaction's journal needs the text with its arguments, and some reads are not its own. */
  static boolean fits(Session session, Statement inner, List<Bytes> arguments) {
    boolean plain =
        inner.type() instanceof StatementClass.Read read
            && !read.locking()
            && !read.explainsWrite()
            && !read.pins();
    // SET STATEMENT is looked at for what it sets, which hexadecimal digits would hide.
    return plain
        && !inner.tokens().is(0, "SET")
        && !session.transaction().journals()
        && !OwnReads.concerns(inner)
        && !StatusAnswer.asksFor(inner)
        && !inner.facts().callsUnknownFunction()
        && !arguments.isEmpty()
        && arguments.stream().allMatch(TextReading::isPlain);
  }

  /** A literal or a user variable; what calls something may be no business of the database's. */
  private static boolean isPlain(Bytes argument) {
    return argument.latin1().indexOf('(') < 0 && !argument.latin1().contains("@@");
  }

  Future<Void> run(List<Bytes> arguments, String charset) {
    String text =
        "EXECUTE IMMEDIATE CONVERT(x'"
            + HexFormat.of().formatHex(inner.sql().toArray())
            + "' USING "
            + charset
            + ") USING "
            + arguments.stream().map(Bytes::latin1).collect(Collectors.joining(","));
    Statement execution =
        new Statement(
            Bytes.ofLatin1(text),
            inner.dialect(),
            inner.tokens(),
            inner.type(),
            inner.facts(),
            false);
    return new Reading(session, execution, answer).atMaster((StatementClass.Read) inner.type());
  }
}
