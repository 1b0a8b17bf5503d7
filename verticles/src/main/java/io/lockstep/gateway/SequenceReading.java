package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.TableName;
import io.lockstep.sql.Catalogue;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.Replacement;
import io.lockstep.sql.Statement;
import io.lockstep.sql.TableRef;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads that name a sequence as a table, or ask for its definition. */
final class SequenceReading {
  /** The columns of a sequence, as the server names them. */
  private static final List<String> COLUMNS =
      List.of(
          "next_not_cached_value",
          "minimum_value",
          "maximum_value",
          "start_value",
          "increment",
          "cache_size",
          "cycle_option",
          "cycle_count");

  private final Session session;
  private final Statement statement;
  private final Answer answer;
  private final Set<TableName> names;
  private final Tokens tokens;
  private final Replacement replacement;
  private final String schema;

  SequenceReading(Session session, Statement statement, Answer answer, Set<TableName> names) {
    this.session = session;
    this.statement = statement;
    this.answer = answer;
    this.names = names;
    this.tokens = statement.tokens();
    this.replacement = new Replacement(tokens);
    this.schema = session.state().settings().map(SettingsSnapshot::schema).orElse("");
  }

  Future<Void> run() {
    if (tokens.is(0, "SHOW")) {
      return show();
    }
    List<TableRef> found =
        statement.facts().tables().stream()
            .filter(ref -> ref.in(schema).filter(names::contains).isPresent())
            .distinct()
            .toList();
    if (found.isEmpty()) {
      return session.runAsItIs(statement, answer);
    }
    Future<?> done = allowed(statement);
    for (TableRef ref : found) {
      done = done.compose(before -> row(ref)).onSuccess(query -> replace(ref, query));
    }
    return done.compose(all -> instead(replacement.sql()));
  }

  private Future<Void> instead(Bytes sql) {
    return session.runAsItIs(Classifier.readOne(sql, statement.dialect()), answer);
  }

  private Future<?> allowed(Statement asked) {
    return session.parts().planner().allowed(session, asked);
  }

  private Future<List<Long>> state(TableRef ref) {
    Catalogue catalogue = session.parts().catalogue();
    return session
        .parts()
        .planner()
        .position(session)
        .compose(there -> catalogue.sequence(ref.in(schema).orElseThrow()));
  }

  private Future<String> row(TableRef ref) {
    return state(ref)
        .map(
            state -> {
              StringBuilder query = new StringBuilder("SELECT ");
              for (int i = 0; i < COLUMNS.size(); i++) {
                String value = state.isEmpty() ? "NULL" : state.get(i).toString();
                query.append(i == 0 ? "" : ", ").append(WholeNumber.signed(value));
                query.append(" AS ").append(COLUMNS.get(i));
              }
              return query.toString();
            });
  }

  private void replace(TableRef ref, String query) {
    for (int i = 0; i < tokens.count(); i++) {
      boolean named = tokens.isName(i) && tokens.name(i).equals(ref.name());
      if (!named || tokens.isSymbol(i + 1, '.') || tokens.isSymbol(i + 1, '(')) {
        continue;
      }
      boolean qualified = tokens.isSymbol(i - 1, '.');
      int first = qualified ? i - 2 : i;
      boolean same = qualified == ref.schema().isPresent();
      boolean stands = tokens.isAny(first - 1, "FROM", "JOIN") || tokens.isSymbol(first - 1, ',');
      boolean schemaFits = !qualified || tokens.name(first).equals(ref.schema().orElse(""));
      if (same && stands && schemaFits) {
        replacement.table(first, i, query);
      }
    }
  }

  /** {@code SHOW CREATE SEQUENCE s}: that of the database knows of no other round. */
  private Future<Void> show() {
    Optional<TableRef> name = named(3);
    if (name.flatMap(ref -> ref.in(schema)).filter(names::contains).isEmpty()) {
      return session.runAsItIs(statement, answer);
    }
    String written = tokens.textOf(3, tokens.count()).latin1();
    Statement select =
        Classifier.readOne(
            Bytes.ofLatin1("SELECT next_not_cached_value FROM " + written), statement.dialect());
    return allowed(select)
        .compose(allowed -> state(name.get()))
        .compose(
            state ->
                state.isEmpty()
                    ? session.runAsItIs(statement, answer)
                    : instead(Bytes.utf8(definition(name.get().name(), state))));
  }

  private Optional<TableRef> named(int i) {
    if (!tokens.isName(i)) {
      return Optional.empty();
    }
    return tokens.isSymbol(i + 1, '.') && tokens.isName(i + 2)
        ? Optional.of(new TableRef(Optional.of(tokens.name(i)), tokens.name(i + 2), false))
        : Optional.of(new TableRef(Optional.empty(), tokens.name(i), false));
  }

  private static String definition(String name, List<Long> state) {
    String text =
        "CREATE SEQUENCE `"
            + name.replace("`", "``")
            + "` start with "
            + state.get(3)
            + " minvalue "
            + state.get(1)
            + " maxvalue "
            + state.get(2)
            + " increment by "
            + state.get(4)
            + (state.get(5) == 0 ? " nocache" : " cache " + state.get(5))
            + (state.get(6) == 0 ? " nocycle" : " cycle")
            + " ENGINE=InnoDB";
    return "SELECT " + quoted(name) + " AS `Table`, " + quoted(text) + " AS `Create Table`";
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
