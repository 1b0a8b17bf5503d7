package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.Warning;
import io.lockstep.mysql.ColumnDefinition;
import io.lockstep.mysql.MessageText;
import io.lockstep.mysql.ResultSet;
import io.lockstep.sql.Statement;
import io.lockstep.sql.TokenKind;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Answers SHOW WARNINGS, SHOW ERRORS and their counts when the gateway knows them: of an ordered
 * write the session's own backend knows nothing.
 */
final class Diagnostics {
  /** As long as MariaDB says that they can be. */
  private static final int LEVEL_BYTES = 28;

  private static final int MESSAGE_BYTES = 2_048;

  private final DiagnosticsArea area;
  private final List<Warning> lines;
  private final SessionState state;

  private Diagnostics(SessionState state, List<Warning> lines) {
    this.area = state.diagnostics();
    this.state = state;
    this.lines = lines;
  }

  /** Whether a statement asks for them. */
  static boolean concerns(Statement statement) {
    Tokens tokens = statement.tokens();
    return tokens.is(0, "SHOW")
        && (tokens.isAny(1, "WARNINGS", "ERRORS")
            || (tokens.is(1, "COUNT") && tokens.isAny(5, "WARNINGS", "ERRORS")));
  }

  /** The answer, if the statement asks for them and they are known here. */
  static Optional<Future<Void>> answer(Session session, Statement statement, Answer answer) {
    DiagnosticsArea area = session.state().diagnostics();
    return Optional.of(statement)
        .filter(Diagnostics::concerns)
        .flatMap(asking -> area.lines())
        .flatMap(lines -> new Diagnostics(session.state(), lines).result(statement.tokens()))
        .map(
            result -> {
              session.state().read();
              answer.packets(Payloads.of(result.text(0, session.state().status(), 0)));
              return Future.succeededFuture();
            });
  }

  private Optional<ResultSet> result(Tokens tokens) {
    boolean errors = tokens.isAny(1, "ERRORS") || tokens.is(5, "ERRORS");
    if (tokens.is(1, "COUNT")) {
      return Optional.of(
          errors
              ? number("@@session.error_count", area.errors())
              : number("@@session.warning_count", area.count()));
    }
    Stream<Warning> wanted =
        lines.stream().filter(line -> !errors || DiagnosticsArea.isError(line));
    return limited(tokens, wanted).map(this::rows);
  }

  /** LIMIT count, or LIMIT offset, count; nothing else is understood. */
  private static Optional<Stream<Warning>> limited(Tokens tokens, Stream<Warning> lines) {
    if (tokens.count() == 2 || tokens.isSymbol(2, ';')) {
      return Optional.of(lines);
    }
    if (!tokens.is(2, "LIMIT") || !isNumber(tokens, 3)) {
      return Optional.empty();
    }
    if (tokens.isSymbol(4, ',') && isNumber(tokens, 5)) {
      return Optional.of(lines.skip(number(tokens, 3)).limit(number(tokens, 5)));
    }
    return Optional.of(lines.limit(number(tokens, 3)));
  }

  private static boolean isNumber(Tokens tokens, int index) {
    return index < tokens.count()
        && tokens.kind(index) == TokenKind.INTEGER
        && tokens.end(index) - tokens.start(index) < 10;
  }

  private static long number(Tokens tokens, int index) {
    return Long.parseLong(tokens.raw(index));
  }

  private ResultSet rows(Stream<Warning> lines) {
    return new ResultSet(
        List.of(
            ColumnDefinition.text("Level", LEVEL_BYTES),
            ColumnDefinition.code("Code"),
            ColumnDefinition.text("Message", MESSAGE_BYTES, state.messagesCollation())),
        lines
            .map(
                line ->
                    List.of(
                        Optional.of(Bytes.utf8(line.level())),
                        Optional.of(Bytes.utf8(Integer.toString(line.code()))),
                        Optional.of(MessageText.encode(line.message(), state.messages()))))
            .toList());
  }

  private static ResultSet number(String name, long value) {
    return new ResultSet(
        List.of(ColumnDefinition.count(name)),
        List.of(List.of(Optional.of(Bytes.utf8(Long.toString(value))))));
  }
}
