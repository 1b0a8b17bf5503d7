package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.Statement;
import io.lockstep.sql.TokenKind;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * SHOW STATUS and SHOW VARIABLES: the database's own rows with those of Lockstep among them. The
 * database itself applies the client's LIKE or WHERE to both.
 */
final class ShowValues {
  private static final int NAME = 0;

  private final Session session;
  private final Statement statement;
  private final Answer answer;

  ShowValues(Session session, Statement statement, Answer answer) {
    this.session = session;
    this.statement = statement;
    this.answer = answer;
  }

  /** Whether a statement may show something of Lockstep's own. */
  static boolean concerns(Statement statement) {
    Tokens tokens = statement.tokens();
    int subject = subject(tokens);
    return tokens.is(0, "SHOW")
        && tokens.isAny(subject, "STATUS", "VARIABLES")
        && mayMatch(tokens, subject + 1);
  }

  private static int subject(Tokens tokens) {
    return tokens.isAny(1, "GLOBAL", "SESSION", "LOCAL") ? 2 : 1;
  }

  /** A pattern that begins with another letter cannot match. */
  private static boolean mayMatch(Tokens tokens, int like) {
    if (!tokens.is(like, "LIKE")
        || like + 1 >= tokens.count()
        || tokens.kind(like + 1) != TokenKind.STRING) {
      return true;
    }
    String pattern = tokens.raw(like + 1);
    return pattern.length() > 2 && "eElL%_\\".indexOf(pattern.charAt(1)) >= 0;
  }

  Future<Void> run() {
    session.state().read();
    return merged()
        .recover(
            cause ->
                Mastership.isLoss(cause)
                    ? session.ready().compose(settings -> merged())
                    : Future.failedFuture(cause))
        .map(
            reply -> {
              answer.reply(reply);
              return null;
            });
  }

  private Future<Reply> merged() {
    return values().compose(this::merged);
  }

  private Future<Map<String, String>> values() {
    Tokens tokens = statement.tokens();
    ClusterView view = new ClusterView(session);
    return tokens.is(subject(tokens), "STATUS")
        ? Future.succeededFuture(view.status(!tokens.is(1, "GLOBAL")))
        : view.eventScheduler()
            .map(
                running -> {
                  Map<String, String> values = view.variables();
                  values.putAll(running);
                  return values;
                });
  }

  private Future<Reply> merged(Map<String, String> values) {
    Future<Reply> database = session.backend().query(statement.sql());
    Future<Reply> own = session.backend().query(ownRows(values));
    return Future.join(database, own)
        .transform(
            both ->
                both.failed()
                    ? Future.failedFuture(both.cause())
                    : Future.succeededFuture(merged(database.result(), own.result())));
  }

  /** The same condition over a table of Lockstep's values. */
  private Bytes ownRows(Map<String, String> values) {
    Tokens tokens = statement.tokens();
    int subject = subject(tokens);
    String condition = tokens.textOf(subject + 1, end(tokens)).latin1();
    String where =
        tokens.is(subject + 1, "LIKE") ? " WHERE Variable_name " + condition : " " + condition;
    return Bytes.ofLatin1(
        "SELECT Variable_name, Value FROM (" + table(values, false) + ") AS lockstep" + where);
  }

  private static int end(Tokens tokens) {
    int end = tokens.count();
    return end > 0 && tokens.isSymbol(end - 1, ';') ? end - 1 : end;
  }

  /** A query whose rows are {@code values}. */
  static String table(Map<String, String> values, boolean upperCase) {
    return values.entrySet().stream()
        .map(
            value ->
                "("
                    + text(upperCase ? value.getKey().toUpperCase(Locale.ROOT) : value.getKey())
                    + ","
                    + text(value.getValue())
                    + ")")
        .collect(
            Collectors.joining(
                ",", "WITH v(Variable_name,Value) AS (VALUES ", ") SELECT * FROM v"));
  }

  private static String text(String value) {
    return "CONVERT("
        + (value.isEmpty() ? "''" : ProcessList.hex(value))
        + " USING utf8mb3) COLLATE utf8mb3_general_ci";
  }

  private Reply merged(Reply database, Reply own) {
    Optional<Reply.Rows> theirs = rows(database);
    Optional<Reply.Rows> ours = rows(own);
    if (theirs.isEmpty() || ours.isEmpty() || theirs.get().columns() != ours.get().columns()) {
      return database;
    }
    List<Bytes> packets = new ArrayList<>(new StatusAnswer(session, answer).own(theirs.get()));
    int first = theirs.get().columns() + 2;
    List<Bytes> added = ours.get().packets().subList(first, ours.get().packets().size() - 1);
    List<String> names = names(theirs.get());
    List<String> ownNames = names(ours.get());
    for (int i = 0; i < added.size(); i++) {
      int at = place(names, ownNames.get(i));
      if (at < names.size() && names.get(at).equals(ownNames.get(i))) {
        packets.set(first + at, added.get(i));
      } else {
        names.add(at, ownNames.get(i));
        packets.add(first + at, added.get(i));
      }
    }
    return new Reply.Results(
        List.of(
            new Reply.Rows(
                packets, theirs.get().columns(), theirs.get().status(), theirs.get().warnings())));
  }

  private static int place(List<String> names, String name) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).compareTo(name) >= 0) {
        return i;
      }
    }
    return names.size();
  }

  private static List<String> names(Reply.Rows rows) {
    return TextRows.of(rows).rows().stream()
        .map(row -> row.get(NAME).map(Bytes::latin1).orElse("").toLowerCase(Locale.ROOT))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static Optional<Reply.Rows> rows(Reply reply) {
    return reply.fold(
        ok -> Optional.empty(),
        err -> Optional.empty(),
        results ->
            results
                .parts()
                .get(0)
                .foldPart(ok -> Optional.empty(), err -> Optional.empty(), Optional::of));
  }
}
