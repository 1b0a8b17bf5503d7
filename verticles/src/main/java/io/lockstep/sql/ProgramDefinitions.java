package io.lockstep.sql;

import io.lockstep.sql.ProgramTransactions.Trait;
import java.nio.charset.Charset;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Puts a {@link ProgramPause} in the place of each definition in a procedure's body. */
final class ProgramDefinitions {
  private static final String[] LASTING = {
    "ALTER", "CREATE", "DROP", "GRANT", "RENAME", "REVOKE", "TRUNCATE"
  };

  private static final String[] COMMITTING = {"ANALYZE", "FLUSH", "OPTIMIZE", "REPAIR"};
  private static final Pattern MAKES_TABLE =
      Pattern.compile("\\bCREATE\\s+(OR\\s+REPLACE\\s+)?TABLE\\b", Pattern.CASE_INSENSITIVE);

  private static final String OWN = "lockstep.";
  private static final String IMMEDIATE = ProgramPause.prepared(" immediate");

  private final Tokens tokens;
  private final Replacement replacement;

  ProgramDefinitions(Tokens tokens, Replacement replacement) {
    this.tokens = tokens;
    this.replacement = replacement;
  }

  /** What a single token tells of a body. */
  static Optional<Trait> trait(Tokens tokens, int i) {
    int word = tokens.is(i + 1, "OR") ? i + 3 : i + 1;
    boolean text = tokens.kind(i) == TokenKind.STRING && MAKES_TABLE.matcher(tokens.raw(i)).find();
    if (text || (tokens.is(i, "CREATE") && tokens.is(word, "TABLE"))) {
      return Optional.of(Trait.TABLES);
    }
    return tokens.is(i, "HANDLER") ? Optional.of(Trait.HANDLERS) : Optional.empty();
  }

  /** Whether the statement there commits as a definition does. */
  static boolean commits(Tokens tokens, int i) {
    return tokens.isAny(i, LASTING) || tokens.isAny(i, COMMITTING);
  }

  /** Whether the statement there defines something that another session would see. */
  static boolean lasting(Tokens tokens, int i) {
    int name = tokens.is(i + 1, "OR") ? i + 3 : i + 1;
    return tokens.isAny(i, LASTING) && !tokens.isAny(name, "TEMPORARY", "PREPARE");
  }

  /**
   * A definition in the body itself.
   *
   * @param end behind its last token
   * @param variables the procedure's parameters, which a query in it may read
   * @param behind more statements behind the pause, each with its semicolon
   * @return whether it can be said outside of the procedure
   */
  boolean definition(int i, int end, Set<String> variables, String behind) {
    Set<String> known = declared(variables);
    boolean queries = false;
    boolean reads = false;
    for (int at = i; at < end; at++) {
      queries |= tokens.is(at, "SELECT");
      reads |= known.contains(tokens.upper(at));
      if (tokens.is(at, "BEGIN")) {
        return false;
      }
    }
    if (queries && reads) {
      return false;
    }
    Charset charset = tokens.dialect().charset().java();
    String sql = new String(tokens.textOf(i, end).toArray(), charset);
    replace(i, end, ProgramPause.definition(sql, behind));
    return true;
  }

  /** In upper case, and with more than there are: the types among them do no harm. */
  private Set<String> declared(Set<String> variables) {
    Set<String> known = new HashSet<>();
    variables.forEach(name -> known.add(name.toUpperCase(Locale.ROOT)));
    boolean declares = false;
    for (int i = 0; i < tokens.count(); i++) {
      declares = tokens.isAny(i, "DECLARE", "FOR") || (declares && !tokens.isSymbol(i, ';'));
      if (declares && tokens.isName(i)) {
        known.add(tokens.upper(i));
      }
    }
    return known;
  }

  /** Whether the body says nothing that could end its branch. */
  boolean endsNoBranch() {
    return IntStream.range(0, tokens.count())
        .noneMatch(i -> tokens.is(i, "XA") || tokens.name(i).startsWith(OWN));
  }

  /** PREPARE name FROM text: the text is kept for EXECUTE. */
  void prepare(int i, int end) {
    if (!tokens.isName(i + 1) || !tokens.is(i + 2, "FROM") || i + 3 >= end) {
      return;
    }
    String variable = ProgramPause.prepared(tokens.name(i + 1));
    String name = tokens.textOf(i + 1, i + 2).latin1();
    String text = tokens.textOf(i + 3, end).latin1();
    replace(
        i,
        end,
        "BEGIN SET " + variable + "=" + text + "; PREPARE " + name + " FROM " + variable + "; END");
  }

  /** EXECUTE name, and EXECUTE IMMEDIATE text. */
  void execute(int i, int end, String behind) {
    if (tokens.is(i + 1, "IMMEDIATE")) {
      int using = using(i + 2, end);
      String rest = using < end ? " " + tokens.textOf(using, end).latin1() : "";
      replace(
          i,
          end,
          "BEGIN SET "
              + (IMMEDIATE + "=" + tokens.textOf(i + 2, using).latin1() + "; ")
              + ProgramPause.text(IMMEDIATE, rest, behind)
              + "; END");
    } else if (tokens.isName(i + 1)) {
      String variable = ProgramPause.prepared(tokens.name(i + 1));
      String rest = i + 2 < end ? " " + tokens.textOf(i + 2, end).latin1() : "";
      replace(i, end, ProgramPause.text(variable, rest, behind));
    }
  }

  private int using(int from, int end) {
    int depth = 0;
    for (int i = from; i < end; i++) {
      depth += tokens.isSymbol(i, '(') ? 1 : tokens.isSymbol(i, ')') ? -1 : 0;
      if (depth == 0 && tokens.is(i, "USING")) {
        return i;
      }
    }
    return end;
  }

  private void replace(int i, int end, String text) {
    replacement.text(i, text);
    for (int at = i + 1; at < end; at++) {
      replacement.text(at, "");
    }
  }
}
