package io.lockstep.gateway.grants;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.sql.RoleGrants;
import io.lockstep.sql.SessionFacts;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.Tokens;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which privilege an account lacks for a change of accounts, roles or grants (MariaDB Knowledge
 * Base: Account Management SQL Commands). What is not known here is denied to everybody but those
 * who hold all privileges. Also writes the account itself in where a statement means it silently.
 */
public final class AccountRights {
  private final Grants grants;
  private final SessionFacts session;
  private final Denials denials;

  public AccountRights(Grants grants, SessionFacts session) {
    this.grants = grants;
    this.session = session;
    this.denials = new Denials(session.user());
  }

  /** The error that the account gets; empty when it may. */
  public Optional<MySqlError> missing(Statement statement) {
    boolean proxy =
        statement.tokens().isAny(0, "GRANT", "REVOKE") && statement.tokens().is(1, "PROXY");
    if (proxy) {
      return grants.mayGrantProxy() ? Optional.empty() : Optional.of(denials.proxy());
    }
    boolean everything = grants.mayGrant(Set.of(Grant.ALL), GrantTarget.EVERYTHING);
    if (everything || !(statement.type() instanceof StatementClass.AccountChange change)) {
      return Optional.empty();
    }
    Tokens tokens = statement.tokens();
    return switch (change.verb()) {
      case "GRANT", "REVOKE" ->
          // Who gives a role on does it at the databases as itself.
          RoleGrants.is(tokens) ? Optional.empty() : grant(tokens);
      case "SET PASSWORD" -> ofAnother(tokens, 2) ? mysqlUpdate() : Optional.empty();
      case "SET ROLE" ->
          ofAnother(tokens, behindCall(tokens, 3)) ? mysqlUpdate() : Optional.empty();
      default ->
          grants.global("CREATE USER")
              ? Optional.empty()
              : Optional.of(denials.global("CREATE USER"));
    };
  }

  /** The text to order: whoever is meant by it is named in it. */
  public Bytes written(Statement statement) {
    Tokens tokens = statement.tokens();
    String self = quoted(session.account());
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int i = 0; i < tokens.count(); i++) {
      Optional<String> name = meant(tokens, i);
      if (name.isPresent()) {
        text.append(tokens.slice(from, tokens.start(i)).latin1()).append(name.get());
        from = tokens.end(behindCall(tokens, i) - 1);
      }
    }
    text.append(tokens.slice(from, statement.sql().length()).latin1());
    if (tokens.is(0, "SET") && tokens.is(1, "PASSWORD") && !tokens.is(2, "FOR")) {
      text.insert(tokens.end(1), " FOR " + self + " ");
    }
    if (setsDefaultRole(tokens) && !tokens.is(behindCall(tokens, 3), "FOR")) {
      text.append(" FOR ").append(self);
    }
    return Bytes.ofLatin1(text.toString());
  }

  /** The name that CURRENT_USER or CURRENT_ROLE stands for; of no role there is only a default. */
  private Optional<String> meant(Tokens tokens, int i) {
    if (tokens.is(i, "CURRENT_USER")) {
      return Optional.of(quoted(session.account()));
    }
    if (!tokens.is(i, "CURRENT_ROLE")) {
      return Optional.empty();
    }
    return session
        .role()
        .map(AccountRights::quoted)
        .or(() -> setsDefaultRole(tokens) ? Optional.of("NONE") : Optional.empty());
  }

  private static boolean setsDefaultRole(Tokens tokens) {
    return tokens.is(0, "SET") && tokens.is(1, "DEFAULT");
  }

  /** The index behind a word that may be written as a call. */
  private static int behindCall(Tokens tokens, int i) {
    return tokens.isSymbol(i + 1, '(') && tokens.isSymbol(i + 2, ')') ? i + 3 : i + 1;
  }

  private static String quoted(Account account) {
    return quoted(account.user()) + "@" + quoted(account.host());
  }

  private static String quoted(String name) {
    return Bytes.utf8("`" + name.replace("`", "``") + "`").latin1();
  }

  private boolean ofAnother(Tokens tokens, int at) {
    if (!tokens.is(at, "FOR") || tokens.is(at + 1, "CURRENT_USER")) {
      return false;
    }
    int end = at + 1;
    while (end < tokens.count() && !tokens.isSymbol(end, '=')) {
      end++;
    }
    String named = tokens.textOf(at + 1, end).latin1().replaceAll("[`'\"\\s]", "");
    Account self = session.account();
    return !named.equals(Bytes.utf8(self.user() + "@" + self.host()).latin1());
  }

  private Optional<MySqlError> mysqlUpdate() {
    return grants.schema("UPDATE", "mysql") ? Optional.empty() : Optional.of(denials.password());
  }

  /** GRANT privileges ON object TO …, where every privilege is held and may be passed on. */
  private Optional<MySqlError> grant(Tokens tokens) {
    Set<String> privileges = new HashSet<>();
    StringBuilder one = new StringBuilder();
    int i = 1;
    for (; i < tokens.count() && !tokens.is(i, "ON"); i++) {
      if (tokens.isSymbol(i, '(')) {
        i = tokens.closing(i);
      } else if (tokens.isSymbol(i, ',')) {
        add(privileges, one);
      } else if (tokens.upper(i).isEmpty()) {
        return Optional.of(denials.global("SUPER"));
      } else {
        one.append(one.length() > 0 ? " " : "").append(tokens.upper(i));
      }
    }
    add(privileges, one);
    boolean createsUser = mentions(tokens, "IDENTIFIED") && !grants.global("CREATE USER");
    Optional<GrantTarget> target = i < tokens.count() ? target(tokens, i + 1) : Optional.empty();
    boolean may =
        !createsUser
            && target.isPresent()
            && !privileges.isEmpty()
            && grants.mayGrant(privileges, target.get());
    return may ? Optional.empty() : Optional.of(denied(target));
  }

  private MySqlError denied(Optional<GrantTarget> target) {
    return target
        .map(
            object ->
                object.schema().isEmpty() ? denials.account() : denials.schema(object.schema()))
        .orElseGet(() -> denials.global("SUPER"));
  }

  private static void add(Set<String> privileges, StringBuilder one) {
    String name = one.toString().toUpperCase(Locale.ROOT);
    if (!name.isEmpty() && !name.equals("GRANT OPTION") && !name.equals("USAGE")) {
      privileges.add(name.equals("ALL") ? Grant.ALL : name);
    }
    one.setLength(0);
  }

  private Optional<GrantTarget> target(Tokens tokens, int on) {
    boolean routine = tokens.isAny(on, "PROCEDURE", "FUNCTION", "PACKAGE");
    int i = routine || tokens.is(on, "TABLE") ? on + 1 : on;
    i = tokens.is(i, "BODY") ? i + 1 : i;
    if (tokens.isSymbol(i, '*')) {
      return tokens.isSymbol(i + 1, '.') && tokens.isSymbol(i + 2, '*')
          ? Optional.of(GrantTarget.EVERYTHING)
          : schemaOnly(session.schema());
    }
    if (!tokens.isName(i)) {
      return Optional.empty();
    }
    if (!tokens.isSymbol(i + 1, '.')) {
      return Optional.of(new GrantTarget(session.schema(), tokens.name(i), routine));
    }
    if (tokens.isSymbol(i + 2, '*')) {
      return schemaOnly(tokens.name(i));
    }
    return tokens.isName(i + 2)
        ? Optional.of(new GrantTarget(tokens.name(i), tokens.name(i + 2), routine))
        : Optional.empty();
  }

  private static Optional<GrantTarget> schemaOnly(String schema) {
    return schema.isEmpty() ? Optional.empty() : Optional.of(new GrantTarget(schema, "", false));
  }

  private static boolean mentions(Tokens tokens, String word) {
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.is(i, word)) {
        return true;
      }
    }
    return false;
  }
}
