package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.Prepared;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.Dialect;
import io.lockstep.sql.Facts;
import io.lockstep.sql.FunctionKind;
import io.lockstep.sql.Replacement;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Statements that a session prepared by name in SQL (PREPARE, EXECUTE). The gateway keeps their
 * texts and runs each execution as the statement itself, its arguments written in.
 */
final class TextStatements {
  /** As many as one session may hold. */
  static final int STATEMENTS_MAX = 1_000;

  private static final Pattern VARIABLE = Pattern.compile("@([A-Za-z0-9_.$]+)");

  private final Session session;
  private final Map<String, Bytes> texts = new HashMap<>();

  TextStatements(Session session) {
    this.session = session;
  }

  void clear() {
    texts.clear();
  }

  Future<Void> prepare(Statement statement, StatementClass.TextPrepare prepare, Answer answer) {
    if (texts.size() >= STATEMENTS_MAX) {
      return session.refuse(
          answer, MySqlError.notSupported("more than " + STATEMENTS_MAX + " named statements"));
    }
    texts.remove(key(prepare.name()));
    return new StatementText(session)
        .of(statement, prepare.text())
        .compose(text -> prepare(key(prepare.name()), text, answer));
  }

  private Future<Void> prepare(String key, Bytes text, Answer answer) {
    return session
        .ready()
        .compose(
            settings -> {
              Statement inner = Classifier.read(text, settings.dialect());
              return session
                  .tables()
                  .refusal(inner)
                  .<Future<Prepared>>map(
                      error -> Future.failedFuture(new ClientErrorException(error)))
                  .orElseGet(
                      () -> new Preparing(session).of(OwnReads.preparable(session, inner, text)));
            })
        .compose(
            prepared -> {
              session.backend().connection().closeStatement(prepared.statementId());
              texts.put(key, text);
              session.state().read();
              answer.ok(OkPacket.of(0, 0, session.state().status(), 0, "Statement prepared"));
              return Future.succeededFuture();
            });
  }

  Future<Void> execute(Statement statement, StatementClass.TextExecute execute, Answer answer) {
    if (execute.name().isEmpty()) {
      return new StatementText(session)
          .of(statement, execute.text())
          .compose(text -> execute(text, execute.arguments(), answer));
    }
    return Optional.ofNullable(texts.get(key(execute.name().get())))
        .map(text -> execute(text, execute.arguments(), answer))
        .orElseGet(() -> session.refuse(answer, unknown(execute.name().get(), "EXECUTE")));
  }

  private Future<Void> execute(Bytes text, List<Bytes> arguments, Answer answer) {
    return session
        .ready()
        .compose(
            settings -> {
              Statement inner = Classifier.read(text, settings.dialect());
              if (inner.facts().placeholders().size() != arguments.size()) {
                return session.refuse(
                    answer, new MySqlError(1210, "HY000", "Incorrect arguments to EXECUTE"));
              }
              if (TextReading.fits(session, inner, arguments)) {
                return session.admitted(
                    inner,
                    answer,
                    () ->
                        new TextReading(session, inner, answer).run(arguments, settings.charset()));
              }
              return arguments.isEmpty()
                  ? session.run(inner, answer)
                  : withArguments(inner, arguments, answer);
            });
  }

  Future<Void> deallocate(StatementClass.TextDeallocate deallocate, Answer answer) {
    return Optional.ofNullable(texts.remove(key(deallocate.name())))
        .map(known -> session.ok(answer, 0))
        .orElseGet(() -> session.refuse(answer, unknown(deallocate.name(), "DEALLOCATE PREPARE")));
  }

  /** The value of a user variable is written in; what is no more than a value, as it stands. */
  private Future<Void> withArguments(Statement inner, List<Bytes> arguments, Answer answer) {
    Set<String> names = new HashSet<>();
    for (Bytes argument : arguments) {
      Optional<String> variable = variable(argument);
      variable.ifPresent(names::add);
      if (variable.isEmpty() && !isValue(argument, inner.dialect())) {
        return session.refuse(
            answer, MySqlError.notSupported("arguments of EXECUTE that may change while it runs"));
      }
    }
    return UserVariables.read(session.backend(), names)
        .compose(
            values -> {
              Map<String, String> literals = new HashMap<>();
              values.forEach(value -> literals.put(value.name(), value.literal()));
              List<String> inOrder =
                  arguments.stream()
                      .map(
                          argument ->
                              variable(argument)
                                  .map(name -> literals.getOrDefault("@`" + name + "`", ""))
                                  .orElse(argument.latin1()))
                      .toList();
              return session.run(bound(inner, inOrder), answer);
            });
  }

  private static Optional<String> variable(Bytes argument) {
    Matcher variable = VARIABLE.matcher(argument.latin1().strip());
    return variable.matches()
        ? Optional.of(variable.group(1).toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  /** Literals and built-in functions of them, which are the same however often they are asked. */
  private static boolean isValue(Bytes argument, Dialect dialect) {
    Facts facts = Classifier.readOne(Bytes.ofLatin1("DO " + argument.latin1()), dialect).facts();
    return facts.tables().isEmpty()
        && facts.userVariablesRead().isEmpty()
        && facts.systemVariables().isEmpty()
        && facts.calls().stream().allMatch(call -> call.kind() == FunctionKind.PLAIN);
  }

  private static Bytes bound(Statement inner, List<String> values) {
    return inner.type().isRead() ? named(inner, values) : written(inner, values);
  }

  /** The columns keep the names that they have with the placeholders. */
  private static Bytes named(Statement inner, List<String> values) {
    Tokens tokens = inner.tokens();
    Replacement replacement = new Replacement(tokens);
    int next = 0;
    for (int i = 0; i < tokens.count() && next < values.size(); i++) {
      if (tokens.start(i) == inner.facts().placeholders().get(next)) {
        replacement.expression(i, i, " " + values.get(next++) + " ");
      }
    }
    return replacement.sql();
  }

  private static Bytes written(Statement inner, List<String> values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] text = inner.sql().view();
    int from = 0;
    for (int i = 0; i < values.size(); i++) {
      int at = inner.facts().placeholders().get(i);
      out.write(text, from, at - from);
      byte[] literal = Bytes.ofLatin1(" " + values.get(i) + " ").view();
      out.write(literal, 0, literal.length);
      from = at + 1;
    }
    out.write(text, from, text.length - from);
    return Bytes.owning(out.toByteArray());
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static MySqlError unknown(String name, String verb) {
    return new MySqlError(
        1243, "HY000", "Unknown prepared statement handler (" + name + ") given to " + verb);
  }
}
