package io.lockstep.sql;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The definers of views and stored programs. The applier creates them under its own account, so the
 * text must name the client's.
 */
public final class Definers {
  private Definers() {}

  /**
   * The text with {@code account} as the definer where it names none, or names CURRENT_USER; as it
   * is where it names an account, and where the object has no definer.
   */
  public static Bytes withDefiner(Statement statement, Account account) {
    Optional<DefinerClause> clause = statement.type().definer();
    if (clause.isEmpty()) {
      return statement.sql();
    }
    String text = "DEFINER=" + quoted(account.user()) + "@" + quoted(account.host()) + " ";
    DefinerClause found = clause.get();
    if (found.clause().isEmpty()) {
      return spliced(statement.sql(), found.insertion(), found.insertion(), text);
    }
    String written = found.written().orElse("");
    boolean own = written.toUpperCase(java.util.Locale.ROOT).startsWith("CURRENT_USER");
    TextRange range = found.clause().get();
    return own
        ? spliced(statement.sql(), range.start(), range.end(), text.trim())
        : statement.sql();
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  private static Bytes spliced(Bytes sql, int start, int end, String text) {
    byte[] content = sql.view();
    byte[] middle = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + middle.length);
    out.write(content, 0, start);
    out.write(middle, 0, middle.length);
    out.write(content, end, content.length - end);
    return Bytes.owning(out.toByteArray());
  }

  /** The definer clause of a CREATE whose kind of object stands at {@code kind}. */
  static DefinerClause clause(Tokens tokens, int kind) {
    int insertion = insertion(tokens, kind);
    for (int i = 1; i < kind; i++) {
      if (tokens.is(i, "DEFINER") && tokens.isSymbol(i + 1, '=')) {
        int end = endOfAccount(tokens, i + 2);
        String written = tokens.textOf(i + 2, end).latin1();
        TextRange range = new TextRange(tokens.start(i), tokens.end(end - 1));
        return new DefinerClause(
            tokens.upper(kind), Optional.of(written), Optional.of(range), range.start());
      }
    }
    return new DefinerClause(tokens.upper(kind), Optional.empty(), Optional.empty(), insertion);
  }

  /** Before the kind, but of a view before SQL SECURITY and of a function before AGGREGATE. */
  private static int insertion(Tokens tokens, int kind) {
    int i = kind;
    if (tokens.is(i - 1, "AGGREGATE")) {
      i--;
    }
    if (tokens.is(i - 2, "SECURITY")) {
      i -= 3;
    }
    return tokens.start(i);
  }

  /** The index behind an account: user [@ host], CURRENT_USER [()], or a role. */
  static int endOfAccount(Tokens tokens, int i) {
    if (tokens.isAny(i, "CURRENT_USER", "CURRENT_ROLE")) {
      return tokens.isSymbol(i + 1, '(') ? i + 3 : i + 1;
    }
    int next = i + 1;
    if (next < tokens.count() && tokens.kind(next) == TokenKind.USER_VARIABLE) {
      boolean hostApart = tokens.end(next) - tokens.start(next) == 1;
      return hostApart ? next + 2 : next + 1;
    }
    return next;
  }
}
