package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Setting;
import io.lockstep.mysql.BackendRefusedException;
import io.lockstep.sql.Assignment;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.GlobalVariables;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Runs SET GLOBAL: on every node at its place in the order, with the values that its expressions
 * have at the session's database. Each applier keeps them for the next start of its database.
 */
final class GlobalSettings {
  /** Values that mean the same everywhere as they stand: numbers, words and plain strings. */
  private static final Pattern PLAIN =
      Pattern.compile("-?[0-9]+(\\.[0-9]+)?|[A-Za-z_][A-Za-z0-9_]*|'[^'\\\\]*'|\"[^\"\\\\]*\"");

  private static final String COMPUTED = "lockstep_global_value";

  private static final int VALUE_MAX = 4_096;

  private final Session session;
  private final Statement statement;
  private final Answer answer;

  GlobalSettings(Session session, Statement statement, Answer answer) {
    this.session = session;
    this.statement = statement;
    this.answer = answer;
  }

  static boolean concern(StatementClass.SessionSetting setting) {
    return setting.assignments().stream().anyMatch(Assignment::isGlobal);
  }

  Future<Void> run(StatementClass.SessionSetting setting) {
    List<Assignment.SystemVariable> all = new ArrayList<>();
    for (Assignment one : setting.assignments()) {
      Optional<Assignment.SystemVariable> global = variable(one);
      if (global.isEmpty()) {
        return refuse("SET GLOBAL together with other settings, or of a transaction's mode");
      }
      all.add(global.get());
    }
    if (all.size() > 1 && all.stream().anyMatch(GlobalSettings::isEventScheduler)) {
      return refuse("SET GLOBAL event_scheduler together with other settings");
    }
    Future<Optional<MySqlError>> refused = judged(all);
    return refused.compose(
        error ->
            error.isPresent()
                ? session.refuse(answer, error.get())
                : text(all)
                    .compose(
                        sql ->
                            new Writing(
                                    session, Classifier.readOne(sql, statement.dialect()), answer)
                                .beside()));
  }

  private Future<Void> refuse(String reason) {
    return session.refuse(answer, MySqlError.notSupported(reason));
  }

  /** The server says first what is wrong by itself, such as a variable that is read only. */
  private Future<Optional<MySqlError>> judged(List<Assignment.SystemVariable> all) {
    return session
        .ready()
        .compose(settings -> session.backend().prepareWrite(statement.sql()))
        .map(
            prepared -> {
              session.backend().connection().closeStatement(prepared.statementId());
              return all.stream()
                  .filter(one -> !GlobalVariables.mayBeSet(one.name()))
                  .findFirst()
                  .map(
                      one ->
                          MySqlError.notSupported(
                              "SET GLOBAL " + one.name() + "; configure each database"));
            })
        .recover(
            cause ->
                cause instanceof BackendRefusedException refused
                    ? Future.succeededFuture(Optional.of(refused.error()))
                    : Future.failedFuture(cause));
  }

  private static Optional<Assignment.SystemVariable> variable(Assignment one) {
    if (!one.isGlobal()) {
      return Optional.empty();
    }
    return one.fold(
        Optional::of,
        user -> Optional.empty(),
        names -> Optional.empty(),
        characterSet -> Optional.empty(),
        transaction -> isolation(transaction.characteristics()),
        role -> Optional.empty());
  }

  private static Optional<Assignment.SystemVariable> isolation(String characteristics) {
    String level = "ISOLATION LEVEL ";
    return characteristics.startsWith(level) && characteristics.indexOf(',') < 0
        ? Optional.of(
            new Assignment.SystemVariable(
                Assignment.Scope.GLOBAL,
                "tx_isolation",
                Bytes.utf8(
                    "'" + characteristics.substring(level.length()).replace(' ', '-') + "'")))
        : Optional.empty();
  }

  private Future<Bytes> text(List<Assignment.SystemVariable> all) {
    Future<StringBuilder> text = Future.succeededFuture(new StringBuilder());
    for (Assignment.SystemVariable one : all) {
      text =
          text.compose(
              before ->
                  value(one)
                      .compose(value -> bounded(one, value))
                      .map(
                          value ->
                              before
                                  .append(before.isEmpty() ? "SET GLOBAL " : ",GLOBAL ")
                                  .append(one.name())
                                  .append('=')
                                  .append(value)));
    }
    return text.map(whole -> Bytes.ofLatin1(whole.toString()));
  }

  /** What was set is kept in a table, in a column of that many characters. */
  private static Future<String> bounded(Assignment.SystemVariable one, String value) {
    return value.length() <= VALUE_MAX
        ? Future.succeededFuture(value)
        : Future.failedFuture(
            new ClientErrorException(
                new MySqlError(
                    1231,
                    "42000",
                    "Variable '"
                        + one.name()
                        + "' can't be set to a value of more than "
                        + VALUE_MAX
                        + " characters")));
  }

  private static boolean isEventScheduler(Assignment.SystemVariable one) {
    return one.name().equals(GlobalVariables.EVENT_SCHEDULER);
  }

  /** No server checks this value, since none is told. */
  private static Future<String> onOrOff(String value) {
    return switch (value.toUpperCase(Locale.ROOT)) {
      case "ON", "'ON'", "1" -> Future.succeededFuture("ON");
      case "OFF", "'OFF'", "0", "DEFAULT" -> Future.succeededFuture("OFF");
      default ->
          Future.failedFuture(
              new ClientErrorException(
                  new MySqlError(
                      1231,
                      "42000",
                      "Variable '"
                          + GlobalVariables.EVENT_SCHEDULER
                          + "' can't be set to the value of '"
                          + value.replace("'", "")
                          + "'")));
    };
  }

  private Future<String> value(Assignment.SystemVariable one) {
    return isEventScheduler(one)
        ? computed(asNumber(one)).compose(GlobalSettings::onOrOff)
        : computed(one);
  }

  /** What is computed comes out as a number, whatever its character set. */
  private static Assignment.SystemVariable asNumber(Assignment.SystemVariable one) {
    String written = one.value().latin1().strip();
    return PLAIN.matcher(written).matches()
        ? one
        : new Assignment.SystemVariable(
            one.scope(),
            one.name(),
            Bytes.ofLatin1("(FIELD(UPPER(" + written + "),'OFF','0','ON','1')-1) DIV 2"));
  }

  /** A user variable takes the value with its type; the client cannot see it before it is gone. */
  private Future<String> computed(Assignment.SystemVariable one) {
    String written = one.value().latin1().strip();
    if (PLAIN.matcher(written).matches()) {
      return Future.succeededFuture(
          written.startsWith("\"")
              ? "'" + written.substring(1, written.length() - 1) + "'"
              : written);
    }
    if (session.transaction().journals() && statement.facts().looksAtRows()) {
      return Future.failedFuture(new ClientErrorException(SettingChange.OF_ROWS));
    }
    Bytes assign = Bytes.ofLatin1("SET @" + COMPUTED + "=(" + written + ")");
    session.tellInsertId();
    return session
        .backend()
        .query(assign)
        .compose(
            reply ->
                reply.failure().isPresent()
                    ? Future.failedFuture(new ClientErrorException(reply.failure().get()))
                    : UserVariables.read(session.backend(), Set.of(COMPUTED)))
        .map(GlobalSettings::literal)
        .onComplete(done -> session.backend().query("SET @" + COMPUTED + "=NULL"));
  }

  private static String literal(List<Setting> computed) {
    return computed.get(0).literal();
  }
}
