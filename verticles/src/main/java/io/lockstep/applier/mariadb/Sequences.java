package io.lockstep.applier.mariadb;

import io.lockstep.applier.ContextDialect;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.lockstep.sql.DefinedObject;
import io.lockstep.sql.DefinitionEffects;
import io.lockstep.sql.IdRule;
import io.lockstep.sql.StatementHead;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps the state of sequences in a table of Lockstep's own. The server's own state takes part in
 * no transaction: it neither goes back with one nor is it the same after a crash. So values are
 * drawn from this table by ordered writes, and the server's sequence is <b>sealed</b>: it has run
 * out, and what would draw from it behind the order's back, such as a stored program, fails.
 *
 * <p>A definition runs on the server's own sequence. Before it the state is put back, after it the
 * state is read and the sequence sealed again, both of which may be repeated. It is locked
 * meanwhile, since at this moment it would give values to anybody.
 */
final class Sequences {
  /** {@code step} is never 0; {@code drawn} and {@code taken} are what the last write has found. */
  static final String TABLE =
      "CREATE TABLE IF NOT EXISTS lockstep.sequence (table_schema VARCHAR(64) NOT NULL,"
          + " table_name VARCHAR(64) NOT NULL, next_value BIGINT NOT NULL DEFAULT 0,"
          + " minimum BIGINT NOT NULL DEFAULT 0, maximum BIGINT NOT NULL DEFAULT 0,"
          + " start_value BIGINT NOT NULL DEFAULT 0, increment BIGINT NOT NULL DEFAULT 0,"
          + " cache_size BIGINT NOT NULL DEFAULT 0, cycles TINYINT NOT NULL DEFAULT 0,"
          + " round BIGINT NOT NULL DEFAULT 0, step BIGINT NOT NULL DEFAULT 1,"
          + " drawn BIGINT NULL, taken BIGINT NOT NULL DEFAULT 0, times BIGINT NOT NULL DEFAULT 0,"
          + " PRIMARY KEY (table_schema, table_name))";

  private static final String COLUMNS =
      "next_not_cached_value,minimum_value,maximum_value,start_value,increment,cache_size,"
          + "cycle_option,cycle_count";

  private final Link link;
  private final MakingWay way;

  /** What can be done about who holds a sequence, after that many tries. */
  interface MakingWay {
    Future<Void> after(int tries);
  }

  /**
   * @param way clients' transactions hold the sequences from which their tables' columns are filled
   */
  Sequences(Link link, MakingWay way) {
    this.link = link;
    this.way = way;
  }

  /** A query for what is to be the same on all nodes. */
  static String state(String schema, String name) {
    return "SELECT CONCAT_WS(' ',next_value,minimum,maximum,start_value,increment,cache_size,"
        + "cycles,round,drawn,times) FROM lockstep.sequence"
        + where(new TableName(schema, name));
  }

  /** Whether a definition may concern a sequence. */
  static boolean defines(Write write) {
    return head(write).defines("SEQUENCE");
  }

  private static boolean mayTouch(Write write) {
    StatementHead head = head(write);
    return defines(write)
        || head.does("DROP")
        || head.does("RENAME")
        || head.does("ALTER")
        || head.begins("CREATE", "OR", "REPLACE");
  }

  private static StatementHead head(Write write) {
    return StatementHead.of(write.statement().sql(), ContextDialect.of(write.statement()));
  }

  /** The names that a definition may be about, whatever they name. */
  private static Set<TableName> named(Write write) {
    Set<TableName> names = new LinkedHashSet<>();
    for (DefinedObject object : effects(write).objects()) {
      boolean table =
          object.type() == DefinedObject.Type.SEQUENCE || object.type() == DefinedObject.Type.TABLE;
      if (table && !object.schema().isEmpty() && !object.name().isEmpty()) {
        names.add(new TableName(object.schema(), object.name()));
      }
    }
    return names;
  }

  private static DefinitionEffects effects(Write write) {
    Step.Statement statement = write.statement();
    return DefinitionEffects.of(statement.sql(), statement.schema(), ContextDialect.of(statement));
  }

  /** Puts the state back into the server's own sequences that a definition is about to change. */
  Future<Void> unseal(Write write) {
    Set<TableName> names = defines(write) ? named(write) : Set.of();
    if (names.isEmpty()) {
      return Future.succeededFuture();
    }
    List<String> fillings = new ArrayList<>();
    Future<Void> looked = Future.succeededFuture();
    for (TableName name : names) {
      looked = looked.compose(before -> filling(name)).map(one -> add(one, fillings));
    }
    String locks =
        names.stream()
            .map(name -> name.quoted() + " WRITE")
            .collect(Collectors.joining(",", "LOCK TABLES ", ""));
    return looked
        .compose(all -> tolerant(locks))
        .compose(
            locked -> {
              Future<Void> done = Future.succeededFuture();
              for (String one : fillings) {
                done = done.compose(before -> tolerant(one));
              }
              return done;
            });
  }

  private static Void add(Optional<String> filling, List<String> fillings) {
    filling.ifPresent(fillings::add);
    return null;
  }

  /** When they are sealed again, or nobody knows what they are. */
  Future<Void> unlock(Write write) {
    return defines(write) ? link.run("UNLOCK TABLES").mapEmpty() : Future.succeededFuture();
  }

  /**
   * After a crash amid it: what the server made of it may have lost its row, so it is made anew.
   */
  Future<Void> dropHalfMade(Write write) {
    boolean makes = head(write).does("CREATE") && defines(write);
    Future<Void> done = Future.succeededFuture();
    for (TableName name : makes ? named(write) : Set.<TableName>of()) {
      done = done.compose(before -> tolerant("DROP SEQUENCE IF EXISTS " + name.quoted()));
    }
    return done;
  }

  /** Seals what was defined, and answers the statements that store the state. */
  Future<List<String>> settle(Write write, Outcome outcome) {
    if (!mayTouch(write)) {
      return Future.succeededFuture(List.of());
    }
    List<String> statements = new ArrayList<>();
    Future<Void> done = Future.succeededFuture();
    if (defines(write)) {
      for (TableName name : named(write)) {
        done = done.compose(before -> read(name)).compose(row -> keep(name, row, statements));
      }
      return done.map(statements);
    }
    DefinitionEffects effects = effects(write);
    boolean happened = outcome.fold(all -> true, failed -> false, refused -> false);
    for (IdRule rule : happened ? effects.ids() : List.<IdRule>of()) {
      rule.fold(
          created -> false,
          dropped -> false,
          renamed -> statements.add(rename(renamed.from(), renamed.to())),
          truncated -> false,
          atLeast -> false,
          derived -> false,
          schema -> statements.add(dropSchema(schema.schema())));
    }
    return known()
        .compose(
            known -> {
              Future<Void> forgotten = Future.succeededFuture();
              for (TableName name : named(write)) {
                if (known.contains(name) && statements.isEmpty()) {
                  forgotten = forgotten.compose(before -> forgetIfGone(name, statements));
                }
              }
              return forgotten.map(known.isEmpty() ? List.of() : statements);
            });
  }

  private Future<List<TableName>> known() {
    return link.rows(
            OpenTransaction.neutral("SELECT table_schema, table_name FROM lockstep.sequence"))
        .map(rows -> rows.stream().map(row -> new TableName(row.text(0), row.text(1))).toList());
  }

  /** The server's own row; nothing when the name is no sequence's. */
  private Future<Optional<Link.Row>> read(TableName name) {
    return link.connection()
        .query(Bytes.utf8(OpenTransaction.neutral("SELECT " + COLUMNS + " FROM " + name.quoted())))
        .compose(
            reply -> {
              Optional<MySqlError> error =
                  reply.failure().filter(EnvironmentException::isEnvironment);
              return error.isPresent()
                  ? Future.failedFuture(EnvironmentException.of(error.get()))
                  : Future.succeededFuture(Link.decode(reply).stream().findFirst());
            });
  }

  private Future<Void> keep(TableName name, Optional<Link.Row> row, List<String> statements) {
    statements.add(row.map(found -> keep(name, found)).orElseGet(() -> forget(name)));
    return row.map(found -> seal(name, found)).orElseGet(Future::succeededFuture);
  }

  private Future<Void> forgetIfGone(TableName name, List<String> statements) {
    return read(name)
        .onSuccess(
            row -> {
              if (row.isEmpty()) {
                statements.add(forget(name));
              }
            })
        .mapEmpty();
  }

  private static String keep(TableName name, Link.Row row) {
    long increment = row.number(4);
    return "REPLACE INTO lockstep.sequence (table_schema,table_name,next_value,minimum,maximum,"
        + "start_value,increment,cache_size,cycles,round,step) VALUES ("
        + String.join(
            ",",
            Sql.text(name.schema()),
            Sql.text(name.table()),
            row.text(0),
            row.text(1),
            row.text(2),
            row.text(3),
            row.text(4),
            row.text(5),
            row.text(6),
            row.text(7),
            Long.toString(increment == 0 ? 1 : increment))
        + ")";
  }

  private static String where(TableName name) {
    return " WHERE table_schema="
        + Sql.text(name.schema())
        + " AND table_name="
        + Sql.text(name.table());
  }

  private static String forget(TableName name) {
    return "DELETE FROM lockstep.sequence" + where(name);
  }

  private static String dropSchema(String schema) {
    return "DELETE FROM lockstep.sequence WHERE table_schema=" + Sql.text(schema);
  }

  private static String rename(TableName from, TableName to) {
    return "UPDATE lockstep.sequence SET table_schema="
        + Sql.text(to.schema())
        + ",table_name="
        + Sql.text(to.table())
        + where(from);
  }

  /** Past its last value, and without another round. */
  private Future<Void> seal(TableName name, Link.Row row) {
    long past = row.number(4) < 0 ? row.number(1) - 1 : row.number(2) + 1;
    return tolerant(
        "INSERT INTO "
            + name.quoted()
            + " VALUES ("
            + String.join(
                ",",
                Long.toString(past),
                row.text(1),
                row.text(2),
                row.text(3),
                row.text(4),
                row.text(5),
                "0",
                row.text(7))
            + ")");
  }

  private Future<Optional<String>> filling(TableName name) {
    return link.rows(
            OpenTransaction.neutral(
                "SELECT next_value,minimum,maximum,start_value,increment,cache_size,cycles,round"
                    + " FROM lockstep.sequence"
                    + where(name)))
        .map(
            rows ->
                rows.stream()
                    .findFirst()
                    .map(
                        row ->
                            "INSERT INTO "
                                + name.quoted()
                                + " VALUES ("
                                + String.join(
                                    ",",
                                    row.values().stream()
                                        .map(value -> value.map(Bytes::utf8).orElse("0"))
                                        .toList())
                                + ")"));
  }

  /** It may be gone, or another object's by now: then there is nothing to be done. */
  private Future<Void> tolerant(String sql) {
    return tolerant(sql, 1);
  }

  private Future<Void> tolerant(String sql, int attempt) {
    return link.connection()
        .query(Bytes.utf8(sql))
        .compose(
            reply -> {
              Optional<MySqlError> error =
                  reply.failure().filter(EnvironmentException::isEnvironment);
              if (error.isEmpty()) {
                return Future.succeededFuture();
              }
              boolean waits = error.filter(EnvironmentException::isLockWait).isPresent();
              return waits && attempt < LoneExecution.LOCK_TRIES_MAX
                  ? way.after(attempt).compose(cleared -> tolerant(sql, attempt + 1))
                  : Future.failedFuture(EnvironmentException.of(error.get()));
            });
  }
}
