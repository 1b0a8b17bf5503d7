package io.lockstep.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** One thing that a write does. The steps of a write take effect together or not at all. */
public sealed interface Step {
  /** How the savepoints begin that an applier sets before transactions; no client may use it. */
  String SAVEPOINT = "lockstep transaction";

  /** One answer for each case, so that a new case breaks the build. */
  <R> R fold(Function<Statement, R> statement, Function<Rows, R> rows);

  /** About what it takes in a log entry, for bounds. */
  long bytes();

  /**
   * One SQL statement with everything its effect depends on.
   *
   * @param schema the default schema, empty for none
   * @param context the session settings that its effect depends on, in the order to be assigned;
   *     those of {@link SettingDefaults} that it does not name have their default there
   * @param sql one statement, in the character set of the context's {@code character_set_client}
   * @param ids the AUTO_INCREMENT ids it draws
   * @param seen what its client has seen of it; empty when nothing is to be compared
   */
  record Statement(
      String schema, List<Setting> context, Bytes sql, Optional<IdDraw> ids, Optional<Seen> seen)
      implements Step {
    public static final int SETTINGS_MAX = 256;
    public static final int SCHEMA_LENGTH_MAX = 64;

    public Statement {
      context = List.copyOf(context);
      Require.that(sql.length() > 0, "a write has a statement");
      Require.that(context.size() <= SETTINGS_MAX, "a write has at most 256 settings");
      Require.that(schema.length() <= SCHEMA_LENGTH_MAX, "a schema name has at most 64 characters");
    }

    /** A statement outside of transactions: nobody has seen anything of it yet. */
    public Statement(String schema, List<Setting> context, Bytes sql, Optional<IdDraw> ids) {
      this(schema, context, sql, ids, Optional.empty());
    }

    /** The same with another text. */
    public Statement withSql(Bytes text) {
      return new Statement(schema, context, text, ids, seen);
    }

    @Override
    public long bytes() {
      return sql.length() + context.stream().mapToLong(Setting::length).sum();
    }

    @Override
    public <R> R fold(Function<Statement, R> statement, Function<Rows, R> rows) {
      return statement.apply(this);
    }
  }

  /**
   * What a client saw of a statement that ran in its open transaction. If the statement does not
   * come out the same at the write's place in the order, the whole write is refused.
   *
   * @param digest of the answer ({@code AnswerDigest} in package mysql)
   * @param insertId the id pinned as INSERT_ID, out of those that the order gave for it
   * @param binary the answer was rows of the binary protocol
   */
  record Seen(long digest, OptionalLong insertId, boolean binary) {}

  /**
   * Rows that a branch has changed at its master, to be changed in the same way if those that were
   * there before still are as they were.
   *
   * @param events of the binary log: table maps and rows, in order
   */
  record Rows(List<Bytes> events) implements Step {
    public Rows {
      events = List.copyOf(events);
      Require.that(events.size() <= Capture.Part.EVENTS_MAX, "at most 2^20 events");
    }

    @Override
    public long bytes() {
      return events.stream().mapToLong(Bytes::length).sum();
    }

    @Override
    public <R> R fold(Function<Statement, R> statement, Function<Rows, R> rows) {
      return rows.apply(this);
    }
  }
}
