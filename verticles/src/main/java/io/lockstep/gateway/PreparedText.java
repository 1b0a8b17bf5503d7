package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.Command;
import io.lockstep.mysql.Parameter;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.Dialect;
import io.lockstep.sql.Literal;
import io.lockstep.sql.Placeholders;
import io.lockstep.sql.Replacement;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.TokenKind;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;
import java.util.List;

/**
 * Executes a prepared statement as text, with its parameters written in, as any other statement is
 * run. Its rows are answered in the binary protocol. Lives on its session's context.
 */
final class PreparedText {
  private final Session session;
  private final Answer answer;

  PreparedText(Session session, Answer answer) {
    this.session = session;
    this.answer = answer;
  }

  /**
   * A statement in the form in which it is kept: what it returns is named as the client has written
   * it, and not by the values that are written in.
   */
  static Statement named(Statement statement) {
    if (!returns(statement) || statement.facts().placeholders().isEmpty()) {
      return statement;
    }
    Tokens tokens = statement.tokens();
    Replacement replacement = new Replacement(tokens);
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.kind(i) == TokenKind.PLACEHOLDER) {
        replacement.expression(i, i, "?");
      }
    }
    return Classifier.readOne(replacement.sql(), statement.dialect());
  }

  /** As the session reads it now. */
  static Statement current(PreparedStatement statement, SettingsSnapshot settings) {
    return statement.statement().dialect().equals(settings.dialect())
        ? statement.statement()
        : Classifier.read(statement.sql(), settings.dialect());
  }

  /** The text with its parameters written in. */
  static Bytes bound(Statement text, List<Literal> values, Dialect dialect) {
    return Placeholders.bind(
        text.sql(),
        text.facts().placeholders(),
        Placeholders.counted(text.tokens(), values),
        dialect.noBackslashEscapes());
  }

  Future<Void> execute(PreparedStatement statement, Command.Execute command) {
    return execute(statement, statement.decoder().decode(command.parameters()));
  }

  Future<Void> execute(PreparedStatement statement, List<Parameter> parameters) {
    Answer binary = shows(statement.statement()) ? new BinaryAnswer(answer) : answer;
    List<Literal> values = parameters.stream().map(ParameterLiteral::of).toList();
    return session
        .ready()
        .compose(
            settings -> {
              Statement text = current(statement, settings);
              Dialect dialect = settings.dialect();
              return values.isEmpty()
                  ? session.run(text, binary)
                  : session.run(Classifier.read(bound(text, values, dialect), dialect), binary);
            });
  }

  /** Whether rows may come of it. */
  private static boolean shows(Statement statement) {
    return statement.type().isRead()
        || statement.type() instanceof StatementClass.Maintenance
        || statement.type() instanceof StatementClass.Call
        || (statement.type() instanceof StatementClass.ScopedSetting setting
            && shows(ScopedSettings.inner(setting, statement.dialect())))
        || returns(statement);
  }

  private static boolean returns(Statement statement) {
    return statement.type() instanceof StatementClass.Dml dml && dml.shape().returning();
  }
}
