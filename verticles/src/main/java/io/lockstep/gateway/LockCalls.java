package io.lockstep.gateway;

import io.lockstep.gateway.locks.SessionLocks;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Seq;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.Facts;
import io.lockstep.sql.FunctionKind;
import io.lockstep.sql.Replacement;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * GET_LOCK and its family: a statement that calls them without a table, once each and in any case,
 * is run with their values in their place.
 */
final class LockCalls {
  private static final int NAME_BYTES_MAX = 192;

  private static final MySqlError ELSEWHERE =
      MySqlError.notSupported(
          "GET_LOCK and its family inside conditions, queries of tables and writes; call them in a"
              + " SELECT, DO or SET of their own");

  /** What makes it open whether, or how often, a call is made. */
  private static final String[] CONDITIONAL = {
    "FROM", "WHERE", "HAVING", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "CASE", "IF", "AND", "OR",
    "XOR", "IFNULL", "NVL", "NVL2", "NULLIF", "COALESCE", "IN", "BETWEEN", "WITH", "GROUP", "ORDER",
    "BENCHMARK", "PROCEDURE"
  };

  private final Session session;
  private final Statement statement;
  private final Answer answer;
  private final Tokens tokens;
  private final Replacement replacement;

  LockCalls(Session session, Statement statement, Answer answer) {
    this.session = session;
    this.statement = statement;
    this.answer = answer;
    this.tokens = statement.tokens();
    this.replacement = new Replacement(tokens);
  }

  static boolean concerns(Statement statement) {
    return statement.facts().takesUserLock();
  }

  Future<Void> run() {
    List<Facts.Call> calls =
        statement.facts().calls().stream()
            .filter(call -> call.kind() == FunctionKind.USER_LOCK)
            .toList();
    if (!isPlain(calls)) {
      return session.refuse(answer, ELSEWHERE);
    }
    session.state().read();
    Future<Void> all = session.ready().mapEmpty();
    for (Facts.Call call : calls) {
      all = all.compose(before -> run(call));
    }
    return all.compose(
            done -> session.run(Classifier.readOne(replacement.sql(), statement.dialect()), answer))
        .recover(
            cause ->
                cause instanceof SessionLocks.InterruptedWaitException
                    ? session.refuse(answer, Killing.INTERRUPTED)
                    : Future.failedFuture(cause));
  }

  private boolean isPlain(List<Facts.Call> calls) {
    Facts facts = statement.facts();
    boolean plain =
        (statement.type().isRead() || statement.type() instanceof StatementClass.SessionSetting)
            && tokens.isAny(0, "SELECT", "DO", "SET")
            && facts.tables().isEmpty()
            && !facts.callsUnknownFunction();
    for (int i = 1; i < tokens.count(); i++) {
      if (decides(i, calls)) {
        continue;
      }
      plain &= !tokens.isAny(i, CONDITIONAL) && !tokens.is(i, "SELECT");
      plain &= !(tokens.isSymbol(i, '|') || tokens.isSymbol(i, '&'));
    }
    for (int i = 1; i < calls.size(); i++) {
      // One inside the arguments of another.
      plain &= closing(calls.get(i - 1)) < calls.get(i).firstToken();
    }
    return plain;
  }

  /** IF of what a call answers: the call itself is made in any case. */
  private boolean decides(int i, List<Facts.Call> calls) {
    return tokens.is(i, "IF")
        && tokens.isSymbol(i + 1, '(')
        && calls.stream().filter(call -> call.firstToken() > i).count() == 1
        && calls.stream().anyMatch(call -> call.firstToken() == i + 2);
  }

  private int closing(Facts.Call call) {
    return tokens.closing(call.firstToken() + 1);
  }

  private Future<Void> run(Facts.Call call) {
    int first = call.firstToken();
    int last = Math.min(closing(call), tokens.count() - 1);
    return arguments(first + 2, last)
        .compose(given -> call(call.name(), given))
        .map(
            value -> {
              replacement.expression(first, last, value);
              return null;
            });
  }

  /** The database computes them: name in hexadecimal UTF-8, then the timeout. */
  private Future<List<Optional<String>>> arguments(int from, int to) {
    List<String> written = new ArrayList<>();
    int start = from;
    for (int i = from; i <= to; i++) {
      if (i == to || tokens.isSymbol(i, ',')) {
        written.add(tokens.textOf(start, i).latin1());
        start = i + 1;
      } else if (tokens.isSymbol(i, '(')) {
        i = Math.min(tokens.closing(i), to - 1);
      }
    }
    if (from == to) {
      return Future.succeededFuture(List.of());
    }
    ComputedText name = new ComputedText("utf8mb4", written.get(0));
    List<String> rest = written.subList(1, written.size());
    session.tellInsertId();
    return session
        .backend()
        .query(
            Bytes.ofLatin1(
                "SELECT "
                    + name.column()
                    + (rest.isEmpty() ? "" : ",(" + String.join("),(", rest) + ")")
                    + name.source()
                    + " LIMIT 1"))
        .compose(TextRows::of)
        .map(rows -> rows.rows().get(0).stream().map(value -> value.map(Bytes::latin1)).toList());
  }

  private Future<String> call(String function, List<Optional<String>> given) {
    int expected = function.equals("GET_LOCK") ? 2 : function.equals("RELEASE_ALL_LOCKS") ? 0 : 1;
    if (given.size() != expected) {
      return Future.failedFuture(
          new ClientErrorException(
              new MySqlError(
                  1582,
                  "42000",
                  "Incorrect parameter count in the call to native function '" + function + "'")));
    }
    SessionLocks locks = session.locks();
    if (function.equals("RELEASE_ALL_LOCKS")) {
      return locks.releaseAll().map(count -> "CAST(" + count + " AS UNSIGNED)");
    }
    Optional<Bytes> name =
        given.get(0).filter(hex -> !hex.isEmpty()).map(hex -> Bytes.owning(bytes(hex)));
    if (name.isEmpty()) {
      return Future.succeededFuture(WholeNumber.NO_INT);
    }
    if (name.get().length() > NAME_BYTES_MAX) {
      return Future.failedFuture(new ClientErrorException(tooLong(name.get())));
    }
    return switch (function) {
      case "GET_LOCK" -> get(name.get(), given.get(1));
      case "RELEASE_LOCK" ->
          locks
              .release(name.get())
              .map(released -> released.map(LockCalls::bit).orElse(WholeNumber.NO_INT));
      case "IS_FREE_LOCK" ->
          appliedHere().compose(now -> locks.owner(name.get())).map(owner -> bit(owner.isEmpty()));
      default ->
          appliedHere()
              .compose(now -> locks.owner(name.get()))
              .map(owner -> owner.map(String::valueOf).orElse(WholeNumber.NO_INT));
    };
  }

  private Future<String> get(Bytes name, Optional<String> timeout) {
    double seconds = timeout.map(Double::valueOf).orElse(-1.0);
    return seconds < 0
        ? Future.succeededFuture(WholeNumber.NO_INT)
        : session.locks().get(name, seconds).map(LockCalls::bit);
  }

  /** Where a lock of somebody else is looked up, everything acknowledged so far is applied. */
  private Future<Seq> appliedHere() {
    return session.parts().upToDate();
  }

  private static String bit(boolean value) {
    return value ? "1" : "0";
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static MySqlError tooLong(Bytes name) {
    String text = name.utf8();
    return new MySqlError(
        1059,
        "42000",
        "Identifier name '" + text.substring(0, Math.min(100, text.length())) + "...' is too long");
  }
}
