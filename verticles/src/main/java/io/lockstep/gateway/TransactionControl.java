package io.lockstep.gateway;

import io.lockstep.bus.OneByOne;
import io.lockstep.model.Capture;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Step;
import io.lockstep.mysql.Reply;
import io.lockstep.sql.Reach;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.StatementClass.TransactionControl.Verb;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Runs BEGIN, COMMIT, ROLLBACK and savepoints. */
final class TransactionControl {
  private final Session session;
  private final SessionTransaction transaction;
  private final Statement statement;
  private final Answer answer;

  TransactionControl(Session session, Statement statement, Answer answer) {
    this.session = session;
    this.transaction = session.transaction();
    this.statement = statement;
    this.answer = answer;
  }

  Future<Void> run(StatementClass.TransactionControl control) {
    session.state().read();
    return switch (control.verb()) {
      case BEGIN, BEGIN_READ_ONLY ->
          new Committing(session)
              .run()
              .compose(ended -> session.tables().release())
              .compose(free -> transaction.begin(beginsReadOnly(control.verb()), has("SNAPSHOT")))
              .compose(begun -> session.ok(answer, 0));
      case COMMIT -> ended(transaction.readOnly(), new Committing(session).run());
      case ROLLBACK ->
          ended(
              transaction.readOnly(),
              new IdReservation(session).giveBack().compose(given -> transaction.rollback()));
      case SAVEPOINT, ROLLBACK_TO, RELEASE -> savepoint(control.verb(), control.savepoint());
      case XA ->
          session.refuse(answer, MySqlError.notSupported("XA transactions; use BEGIN and COMMIT"));
    };
  }

  /** What the statement says itself comes before what was set for it. */
  private boolean beginsReadOnly(Verb verb) {
    return verb == Verb.BEGIN_READ_ONLY || (!has("WRITE") && session.access().readOnly());
  }

  /** AND CHAIN begins another transaction of the same kind; RELEASE ends the connection. */
  private Future<Void> ended(boolean readOnly, Future<Void> ending) {
    session.access().used();
    return ending
        .compose(
            over ->
                asks("CHAIN")
                    ? session.tables().release().compose(free -> transaction.begin(readOnly, false))
                    : Future.succeededFuture())
        .compose(
            ready -> {
              session.released(asks("RELEASE"));
              return session.ok(answer, 0);
            });
  }

  private boolean has(String word) {
    Tokens tokens = statement.tokens();
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.is(i, word)) {
        return true;
      }
    }
    return false;
  }

  private boolean asks(String word) {
    Tokens tokens = statement.tokens();
    for (int i = 1; i < tokens.count(); i++) {
      if (tokens.is(i, word) && !tokens.is(i - 1, "NO")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOurs(String savepoint) {
    return savepoint.regionMatches(true, 0, Step.SAVEPOINT, 0, Step.SAVEPOINT.length())
        || savepoint.regionMatches(true, 0, Capture.PART, 0, Capture.PART.length());
  }

  private Future<Void> savepoint(Verb verb, Optional<String> name) {
    if (name.filter(TransactionControl::isOurs).isPresent()) {
      return session.refuse(
          answer, MySqlError.notSupported("this savepoint's name, which Lockstep uses itself"));
    }
    Future<Reply> done =
        transaction.journals()
            ? transaction.inside(BranchUse.LATEST, backend -> backend.query(statement.sql()))
            : session.ready().compose(settings -> session.backend().query(statement.sql()));
    return done.compose(
            reply -> {
              session.state().status(Relay.status(reply, session.state().status()));
              if (reply.failure().isEmpty() && transaction.journals()) {
                return session.ready().compose(settings -> kept(verb, name, settings)).map(reply);
              }
              return Future.succeededFuture(reply);
            })
        .map(
            reply -> {
              answer.reply(reply);
              return null;
            });
  }

  private Future<Void> kept(Verb verb, Optional<String> name, SettingsSnapshot settings) {
    List<Journal.Entry> undone =
        name.map(one -> transaction.journal().savepoint(verb, one)).orElse(List.of());
    transaction.keep(
        Journal.Kind.SAVEPOINT,
        new Step.Statement(
            settings.schema(), settings.context(), statement.sql(), Optional.empty()),
        Reach.NONE);
    Iterator<Journal.Entry> each = undone.iterator();
    return OneByOne.all(
            each::hasNext,
            () ->
                UndoneSteps.again(transaction, settings.schema(), each.next())
                    .map(
                        entry -> {
                          transaction.journal().readAgain(entry);
                          return true;
                        }))
        .mapEmpty();
  }
}
