package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Setting;
import io.lockstep.model.SettingDefaults;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.Assignment;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.Dialect;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs SET STATEMENT … FOR something that is no read: the settings are the session's while it runs,
 * so that they travel with it, and what they were before afterwards.
 */
final class ScopedSettings {
  /**
   * Bounds and means of an execution, which say nothing of what comes out. They hold at the
   * session's database, as they do when SET has set them.
   */
  private static final Set<String> OF_AN_EXECUTION =
      Set.of(
          "innodb_lock_wait_timeout",
          "join_buffer_size",
          "lock_wait_timeout",
          "long_query_time",
          "max_heap_table_size",
          "max_statement_time",
          "optimizer_search_depth",
          "optimizer_switch",
          "read_buffer_size",
          "read_rnd_buffer_size",
          "sort_buffer_size",
          "tmp_memory_table_size",
          "tmp_table_size");

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

  private final Session session;
  private final Answer answer;

  ScopedSettings(Session session, Answer answer) {
    this.session = session;
    this.answer = answer;
  }

  /** What runs inside, as the session that reads it has it. */
  static Statement inner(StatementClass.ScopedSetting setting, Dialect dialect) {
    return Classifier.readOne(setting.inner(), dialect);
  }

  /**
   * The same where it runs with all of the statement's parameters; empty where a setting has some.
   */
  static Optional<Statement> innerWithAll(Statement statement) {
    return statement.type() instanceof StatementClass.ScopedSetting setting
        ? Optional.of(inner(setting, statement.dialect()))
            .filter(
                inner ->
                    inner.facts().placeholders().size() == statement.facts().placeholders().size())
        : Optional.empty();
  }

  /** The CALL that runs inside, which only the database can prepare; else the statement itself. */
  static Statement called(Statement statement) {
    return innerWithAll(statement)
        .filter(inner -> inner.type() instanceof StatementClass.Call)
        .orElse(statement);
  }

  Future<Void> run(StatementClass.ScopedSetting setting) {
    return around(setting, () -> session.run(setting.inner(), answer));
  }

  /** Runs {@code work}, which answers, while the settings are the session's. */
  Future<Void> around(StatementClass.ScopedSetting setting, Supplier<Future<Void>> work) {
    List<Bytes> earlier = session.state().journal().statements();
    List<Assignment.SystemVariable> all = new ArrayList<>();
    for (Assignment one : setting.assignments()) {
      Optional<Assignment.SystemVariable> travelling = travelling(one);
      if (travelling.isEmpty()) {
        return refuse("SET STATEMENT … FOR a write, of what does not travel with it");
      }
      all.add(travelling.get());
    }
    return session
        .ready()
        .compose(
            before ->
                values(all)
                    .compose(
                        old ->
                            set(assignment(all))
                                .compose(
                                    refused ->
                                        refused.isPresent()
                                            ? session.refuse(answer, refused.get())
                                            : inside(before.dialect(), work))
                                .eventually(
                                    () -> set(old).onSuccess(set -> forget(set, earlier)))));
  }

  /** What is as it was before needs no mention. */
  private void forget(Optional<MySqlError> refused, List<Bytes> earlier) {
    if (refused.isEmpty()) {
      session.state().journal().restore(earlier);
    }
  }

  private Future<Void> refuse(String reason) {
    return session.refuse(answer, MySqlError.notSupported(reason));
  }

  /**
   * The server has read the statement before the settings, so they must not read it differently.
   */
  private Future<Void> inside(Dialect before, Supplier<Future<Void>> work) {
    return session
        .ready()
        .compose(
            now -> {
              boolean same =
                  now.dialect().ansiQuotes() == before.ansiQuotes()
                      && now.dialect().noBackslashEscapes() == before.noBackslashEscapes()
                      && now.dialect().oracle() == before.oracle()
                      && now.dialect().charset().equals(before.charset());
              return same
                  ? work.get()
                  : refuse("SET STATEMENT of what changes how the statement is read");
            });
  }

  private static Optional<Assignment.SystemVariable> travelling(Assignment one) {
    return one.systemVariable()
        .filter(system -> !one.isGlobal())
        .filter(system -> !system.name().equals(SettingChange.FINDS_THE_LAST_ID))
        .filter(
            system -> known(system.name()).isPresent() || OF_AN_EXECUTION.contains(system.name()));
  }

  private static Optional<Setting> known(String name) {
    return SettingDefaults.ALL.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  private static Bytes assignment(List<Assignment.SystemVariable> all) {
    return Bytes.ofLatin1(
        all.stream()
            .map(one -> "SESSION " + one.name() + "=" + one.value().latin1())
            .collect(Collectors.joining(",", "SET ", "")));
  }

  /** The statement that brings back what is set now. */
  private Future<Bytes> values(List<Assignment.SystemVariable> all) {
    String names =
        all.stream().map(one -> "@@SESSION." + one.name()).collect(Collectors.joining(","));
    return session
        .backend()
        .query("SELECT " + names + " LIMIT 1")
        .compose(TextRows::of)
        .map(
            rows -> {
              List<String> parts = new ArrayList<>();
              for (int i = 0; i < all.size(); i++) {
                Bytes value = rows.rows().get(0).get(i).orElse(Bytes.EMPTY);
                parts.add("SESSION " + all.get(i).name() + "=" + literal(all.get(i).name(), value));
              }
              return Bytes.utf8("SET " + String.join(",", parts));
            });
  }

  private static String literal(String name, Bytes value) {
    boolean text =
        known(name)
            .map(one -> one.literal().startsWith("'"))
            .orElseGet(() -> !NUMBER.matcher(value.latin1()).matches());
    if (!text) {
      return value.latin1();
    }
    String hex = HexFormat.of().formatHex(value.toArray());
    return hex.isEmpty() ? "''" : "CONVERT(x'" + hex + "' USING utf8mb4)";
  }

  /** Another master, should this one be lost meanwhile, is told the same. */
  private Future<Optional<MySqlError>> set(Bytes sql) {
    session.state().settingsChanged();
    return session
        .backend()
        .query(sql)
        .map(
            reply -> {
              if (reply.failure().isEmpty() && !session.state().journal().add(sql)) {
                session.state().pin("too many settings");
              }
              return reply.failure();
            });
  }
}
