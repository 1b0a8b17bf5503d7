package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.Assignment;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** SET of Lockstep's own variables, which no database knows; what stands beside them is run too. */
final class OwnVariables {
  private static final String DEFAULT = "default";

  private final Session session;
  private final Statement statement;
  private final Answer answer;
  private final List<Bytes> others = new ArrayList<>();
  private Optional<Bytes> consistency = Optional.empty();
  private Optional<MySqlError> refusal = Optional.empty();

  private OwnVariables(Session session, Statement statement, Answer answer) {
    this.session = session;
    this.statement = statement;
    this.answer = answer;
  }

  /** Runs a SET that names one of them. */
  static Optional<Future<Void>> set(
      Session session, Statement statement, StatementClass.SessionSetting setting, Answer answer) {
    return concerns(setting)
        ? Optional.of(new OwnVariables(session, statement, answer).run(setting.assignments()))
        : Optional.empty();
  }

  static boolean concerns(StatementClass type) {
    return type instanceof StatementClass.SessionSetting setting
        && setting.assignments().stream().anyMatch(one -> own(one).isPresent());
  }

  /** Something with as many parameters that every database can prepare. */
  static Bytes preparable(Statement statement) {
    int parameters = statement.facts().placeholders().size();
    return Bytes.utf8(
        parameters == 0 ? "DO 1" : "DO " + String.join(",", Collections.nCopies(parameters, "?")));
  }

  private Future<Void> run(List<Assignment> all) {
    List<Bytes> items = items(statement.tokens());
    for (int i = 0; i < all.size(); i++) {
      Optional<Assignment.SystemVariable> own = own(all.get(i));
      if (own.isPresent()) {
        take(own.get());
      } else if (i < items.size()) {
        others.add(items.get(i));
      }
    }
    return refusal
        .map(error -> session.refuse(answer, error))
        .orElseGet(() -> consistency.map(this::value).orElseThrow().compose(this::apply));
  }

  private void take(Assignment.SystemVariable own) {
    String name = own.name();
    if (!name.equals(ClusterView.CONSISTENCY)) {
      boolean known = new ClusterView(session).variables().containsKey(name);
      refusal =
          Optional.of(
              known
                  ? new MySqlError(1238, "HY000", "Variable '" + name + "' is a read only variable")
                  : new MySqlError(1193, "HY000", "Unknown system variable '" + name + "'"));
    } else if (own.scope() == Assignment.Scope.GLOBAL) {
      refusal =
          Optional.of(
              MySqlError.notSupported("SET GLOBAL lockstep_consistency; set it in each session"));
    }
    consistency = Optional.of(own.value());
  }

  /** A word is itself, also without quotes; everything else the database computes. */
  private Future<String> value(Bytes written) {
    String text = written.latin1().strip();
    String bare = text.replaceAll("^(['\"])([A-Za-z]*)\\1$", "$2").toLowerCase(Locale.ROOT);
    if (bare.matches("[a-z]+")) {
      return Future.succeededFuture(bare.equals(DEFAULT) ? Consistency.SESSION.word() : bare);
    }
    if (session.transaction().journals() && statement.facts().looksAtRows()) {
      return Future.failedFuture(new ClientErrorException(SettingChange.OF_ROWS));
    }
    session.tellInsertId();
    return session
        .backend()
        .query(Bytes.ofLatin1("SELECT (" + text + ") LIMIT 1"))
        .compose(TextRows::of)
        .map(rows -> rows.single().map(Bytes::utf8).orElse("NULL"));
  }

  private Future<Void> apply(String value) {
    Optional<Consistency> wanted = Consistency.of(value);
    if (wanted.isEmpty()) {
      return session.refuse(
          answer,
          new MySqlError(
              1231,
              "42000",
              "Variable '"
                  + ClusterView.CONSISTENCY
                  + "' can't be set to the value of '"
                  + value
                  + "'"));
    }
    if (others.isEmpty()) {
      session.state().consistency(wanted.get());
      session.state().read();
      return session.ok(answer, 0);
    }
    return session
        .run(Classifier.read(rest(), statement.dialect()), answer)
        .onSuccess(
            done -> {
              if (!session.state().diagnostics().failed()) {
                session.state().consistency(wanted.get());
              }
            });
  }

  private Bytes rest() {
    return Bytes.ofLatin1("SET " + String.join(", ", others.stream().map(Bytes::latin1).toList()));
  }

  private static Optional<Assignment.SystemVariable> own(Assignment one) {
    return one.<Optional<Assignment.SystemVariable>>fold(
            Optional::of,
            user -> Optional.empty(),
            names -> Optional.empty(),
            characterSet -> Optional.empty(),
            transaction -> Optional.empty(),
            role -> Optional.empty())
        .filter(system -> system.name().startsWith(ClusterView.PREFIX));
  }

  /** The text of each assignment; they are separated by commas outside parentheses. */
  private static List<Bytes> items(Tokens tokens) {
    List<Bytes> items = new ArrayList<>();
    int from = 1;
    for (int i = 1; i <= tokens.count(); i++) {
      if (i == tokens.count() || tokens.isSymbol(i, ',')) {
        items.add(tokens.textOf(from, i));
        from = i + 1;
      } else if (tokens.isSymbol(i, '(')) {
        i = Math.min(tokens.closing(i), tokens.count() - 1);
      }
    }
    return items;
  }
}
