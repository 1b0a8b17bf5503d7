package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.FunctionKind;
import io.lockstep.sql.Replacement;
import io.lockstep.sql.SequenceCall;
import io.lockstep.sql.SequenceDefaults;
import io.lockstep.sql.SequenceUse;
import io.lockstep.sql.SessionFacts;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.TableRef;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs a statement that uses sequences with their values written into its text: the databases' own
 * sequences are sealed. What needs a value for each of several rows is refused.
 */
final class SequenceRun {
  /** ER_SEQUENCE_RUN_OUT: what a database says that is asked for a value itself. */
  static final int SEALED = 4084;

  static final MySqlError ELSEWHERE =
      MySqlError.notSupported(
          "values of a sequence for the rows of a query and inside stored programs, triggers and"
              + " views; draw them by SELECT NEXTVAL() or in the VALUES of an INSERT");

  private static final MySqlError FORM = MySqlError.notSupported("this use of a sequence");

  private final Session session;
  private final Statement statement;
  private final Answer answer;
  private final Replacement replacement;

  SequenceRun(Session session, Statement statement, Answer answer) {
    this.session = session;
    this.statement = statement;
    this.answer = answer;
    this.replacement = new Replacement(statement.tokens());
  }

  /** Whether a statement may use a sequence, or leave it to a default. */
  static boolean mayConcern(Session session, Statement statement) {
    StatementClass type = statement.type();
    if (usesOne(statement)) {
      return type.isRead()
          || type instanceof StatementClass.Dml
          || type instanceof StatementClass.SessionSetting
          || type instanceof StatementClass.Call;
    }
    boolean names =
        type.isRead() && (!statement.facts().tables().isEmpty() || showsDefinition(statement));
    boolean inserts = type instanceof StatementClass.Dml dml && dml.shape().inserts();
    return (names || inserts) && !session.parts().sequences().none(definitions(session));
  }

  private static boolean usesOne(Statement statement) {
    return statement.facts().calls(FunctionKind.SEQUENCE);
  }

  private static boolean showsDefinition(Statement statement) {
    return statement.tokens().is(0, "SHOW")
        && statement.tokens().is(1, "CREATE")
        && statement.tokens().is(2, "SEQUENCE");
  }

  private static Seq definitions(Session session) {
    return session.parts().ports().position().get().definitionsSeq();
  }

  Future<Void> run() {
    if (usesOne(statement)) {
      return mayRepeat() ? session.refuse(answer, ELSEWHERE) : drawn();
    }
    return named();
  }

  /** A compound statement, or one that tells of its execution: how often it draws is open. */
  private boolean mayRepeat() {
    return statement.type() instanceof StatementClass.Call && !statement.tokens().is(0, "CALL");
  }

  private Future<Void> drawn() {
    Optional<List<SequenceCall>> calls = SequenceCall.all(statement);
    if (calls.isEmpty()) {
      return session
          .parts()
          .planner()
          .allowed(session, statement)
          .compose(allowed -> session.refuse(answer, FORM));
    }
    boolean writes = calls.get().stream().anyMatch(call -> call.verb() != SequenceCall.Verb.LAST);
    if (writes && session.transaction().readOnly()) {
      return session.refuse(answer, Writing.READ_ONLY);
    }
    return allowed(calls.get())
        .compose(
            facts ->
                new SequenceUse(statement, calls.get())
                    .isOnce(session.parts().catalogue(), facts)
                    .compose(
                        once ->
                            once
                                ? write(calls.get(), facts.schema())
                                : session.refuse(answer, ELSEWHERE)));
  }

  /** Each by itself, so that the database names what is wrong with it. */
  private Future<SessionFacts> allowed(List<SequenceCall> calls) {
    Future<SessionFacts> facts = Future.failedFuture("no call");
    boolean first = true;
    for (SequenceCall call : calls) {
      String text = statement.tokens().textOf(call.first(), call.last() + 1).latin1();
      Statement alone = Classifier.readOne(Bytes.ofLatin1("SELECT " + text), statement.dialect());
      WritePlanner planner = session.parts().planner();
      facts =
          first
              ? planner.allowed(session, alone)
              : facts.compose(before -> planner.allowed(session, alone));
      first = false;
    }
    return facts;
  }

  private Future<Void> write(List<SequenceCall> calls, String schema) {
    session.state().read();
    Map<TableName, Deque<Long>> ahead = new HashMap<>();
    boolean sets = calls.stream().anyMatch(call -> call.verb() == SequenceCall.Verb.SET);
    Future<Void> done = Future.succeededFuture();
    for (SequenceCall call : calls) {
      TableName name = call.sequence().in(schema).orElseThrow();
      long uses =
          calls.stream()
              .filter(other -> other.verb() == SequenceCall.Verb.NEXT)
              .filter(other -> other.sequence().in(schema).equals(Optional.of(name)))
              .count();
      done =
          done.compose(before -> value(call, name, ahead, sets ? 1 : (int) uses))
              .map(
                  value -> {
                    replacement.expression(call.first(), call.last(), literal(value));
                    return null;
                  });
    }
    return done.compose(
        written -> session.run(Classifier.readOne(replacement.sql(), statement.dialect()), answer));
  }

  private Future<Optional<Long>> value(
      SequenceCall call, TableName name, Map<TableName, Deque<Long>> ahead, int uses) {
    SequenceDraws draws = new SequenceDraws(session);
    SessionState state = session.state();
    return switch (call.verb()) {
      case LAST -> Future.succeededFuture(state.drawnFrom(name));
      case SET -> draws.set(name, call.arguments());
      case NEXT -> {
        Deque<Long> left = ahead.computeIfAbsent(name, any -> new ArrayDeque<>());
        Future<Void> enough =
            left.isEmpty()
                ? draws.next(name, uses).onSuccess(left::addAll).mapEmpty()
                : Future.succeededFuture();
        yield enough.map(
            there -> {
              long value = left.removeFirst();
              state.drewFrom(name, value);
              return Optional.of(value);
            });
      }
    };
  }

  /** Of the type that the function has, where a client sees it. */
  private String literal(Optional<Long> value) {
    String text = value.map(number -> number < 0 ? "(" + number + ")" : "" + number).orElse("NULL");
    return statement.type().isRead() ? WholeNumber.signed(text) : text;
  }

  private Future<Void> named() {
    return session
        .ready()
        .compose(ready -> session.parts().sequences().names(definitions(session)))
        .compose(
            names -> {
              if (names.isEmpty()) {
                return session.runAsItIs(statement, answer);
              }
              return statement.type() instanceof StatementClass.Dml dml
                  ? insert(dml)
                  : new SequenceReading(session, statement, answer, names).run();
            });
  }

  /** Defaults that draw become part of the text, which is then run as if so written. */
  private Future<Void> insert(StatementClass.Dml dml) {
    String schema = session.state().settings().map(SettingsSnapshot::schema).orElse("");
    Optional<TableName> target =
        dml.shape().targets().stream().findFirst().flatMap((TableRef ref) -> ref.in(schema));
    if (target.isEmpty() || session.temporary().touches(statement, schema)) {
      return session.runAsItIs(statement, answer);
    }
    return session
        .parts()
        .catalogue()
        .table(target.get(), definitions(session))
        .compose(
            table -> {
              if (table.filter(SequenceDefaults::has).isEmpty()) {
                return session.runAsItIs(statement, answer);
              }
              Optional<Bytes> written =
                  SequenceDefaults.written(statement, dml.shape(), table.get());
              if (written.isEmpty()) {
                return session.refuse(answer, ELSEWHERE);
              }
              return written.get().equals(statement.sql())
                  ? session.runAsItIs(statement, answer)
                  : session.run(Classifier.readOne(written.get(), statement.dialect()), answer);
            });
  }
}
