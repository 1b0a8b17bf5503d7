package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.Outcome;
import io.lockstep.model.Warning;
import io.lockstep.mysql.ColumnDefinition;
import io.lockstep.mysql.ResultSet;
import io.lockstep.sql.Statement;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Answers what a client asks about the statement before, when that was an ordered write, of which
 * the session's own backend knows nothing: SHOW WARNINGS, SHOW ERRORS, their counts, ROW_COUNT().
 */
final class Diagnostics {
  private final List<Warning> lines;
  private final int count;
  private final long rowCount;

  private Diagnostics(List<Warning> lines, int count, long rowCount) {
    this.lines = lines;
    this.count = count;
    this.rowCount = rowCount;
  }

  /** The answer, if the statement asks for that and there was a write. */
  static Optional<Future<Void>> answer(Session session, Statement statement, Answer answer) {
    return session
        .state()
        .lastWrite()
        .map(Diagnostics::of)
        .flatMap(diagnostics -> diagnostics.result(statement.tokens()))
        .map(
            result -> {
              answer.packets(payloads(result, session.state().status()));
              return Future.succeededFuture();
            });
  }

  private static Diagnostics of(Outcome outcome) {
    return outcome.fold(
        done -> new Diagnostics(done.warnings(), done.warningCount(), done.affected()),
        failed ->
            new Diagnostics(List.of(new Warning("Error", failed.code(), failed.message())), 1, -1),
        refused -> new Diagnostics(List.of(), 0, -1));
  }

  private Optional<ResultSet> result(Tokens tokens) {
    if (tokens.is(0, "SHOW") && tokens.count() <= 6) {
      return show(tokens);
    }
    if (!tokens.is(0, "SELECT")) {
      return Optional.empty();
    }
    if (tokens.count() == 4 && tokens.is(1, "ROW_COUNT")) {
      return Optional.of(number("ROW_COUNT()", rowCount));
    }
    if (tokens.count() == 2 && tokens.raw(1).equalsIgnoreCase("@@warning_count")) {
      return Optional.of(number(tokens.raw(1), count));
    }
    if (tokens.count() == 2 && tokens.raw(1).equalsIgnoreCase("@@error_count")) {
      return Optional.of(number(tokens.raw(1), lines.stream().filter(this::isError).count()));
    }
    return Optional.empty();
  }

  private Optional<ResultSet> show(Tokens tokens) {
    if (tokens.is(1, "WARNINGS")) {
      return Optional.of(lines(line -> true));
    }
    if (tokens.is(1, "ERRORS")) {
      return Optional.of(lines(this::isError));
    }
    if (tokens.is(1, "COUNT") && tokens.count() == 6) {
      boolean errors = tokens.is(5, "ERRORS");
      return Optional.of(
          errors
              ? number("@@session.error_count", lines.stream().filter(this::isError).count())
              : number("@@session.warning_count", count));
    }
    return Optional.empty();
  }

  private boolean isError(Warning line) {
    return line.level().equalsIgnoreCase("Error");
  }

  private ResultSet lines(Predicate<Warning> wanted) {
    List<List<Optional<Bytes>>> rows = new ArrayList<>();
    lines.stream()
        .filter(wanted)
        .forEach(
            line ->
                rows.add(
                    List.of(
                        Optional.of(Bytes.utf8(line.level())),
                        Optional.of(Bytes.utf8(Integer.toString(line.code()))),
                        Optional.of(Bytes.utf8(line.message())))));
    return new ResultSet(
        List.of(
            ColumnDefinition.text("Level"),
            ColumnDefinition.whole("Code"),
            ColumnDefinition.text("Message")),
        rows);
  }

  private static ResultSet number(String name, long value) {
    return new ResultSet(
        List.of(ColumnDefinition.whole(name)),
        List.of(List.of(Optional.of(Bytes.utf8(Long.toString(value))))));
  }

  private static List<Bytes> payloads(ResultSet result, int status) {
    return Payloads.of(result.text(0, status, 0));
  }
}
