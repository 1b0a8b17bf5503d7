package io.lockstep.sql;

import java.util.Set;

/**
 * The storage engines that a definition asks for. Lockstep's tables are InnoDB, since a write must
 * be undone with its transaction; what was written for another engine that merely stores rows is
 * served by InnoDB as well.
 */
public final class Engines {
  private static final String OURS = "InnoDB";

  /** Not those that merge, link or discard: there the engine is what the table is for. */
  private static final Set<String> REPLACED =
      Set.of("MYISAM", "ARIA", "MEMORY", "HEAP", "CSV", "ARCHIVE");

  private Engines() {}

  /** The statement as InnoDB can execute it; itself where it names none of these engines. */
  public static Statement replaced(Statement statement) {
    boolean defines =
        statement.type() instanceof StatementClass.Definition
            || statement.type() instanceof StatementClass.TemporaryTable;
    if (!defines) {
      return statement;
    }
    Tokens tokens = statement.tokens();
    // Bodies of stored programs are left as they are: what is shown of them is their text.
    if (!StatementHead.of(tokens).defines("TABLE", "SEQUENCE")) {
      return statement;
    }
    Replacement replacement = new Replacement(tokens);
    replace(tokens, 2, tokens.count(), replacement);
    return replacement.isEmpty()
        ? statement
        : Classifier.readOne(replacement.sql(), statement.dialect());
  }

  /** The same for one definition of a table among other tokens; whether it names any. */
  static boolean replace(Tokens tokens, int from, int to, Replacement replacement) {
    boolean any = false;
    for (int i = from; i < to; i++) {
      int name = tokens.isSymbol(i + 1, '=') ? i + 2 : i + 1;
      if (tokens.is(i, "ENGINE") && name < to && isReplaced(tokens, name)) {
        replacement.text(name, OURS);
        any = true;
      }
    }
    if (any) {
      rowFormat(tokens, from, to, replacement);
    }
    return any;
  }

  /** InnoDB refuses the formats of the others. */
  private static void rowFormat(Tokens tokens, int from, int to, Replacement replacement) {
    for (int i = from; i < to; i++) {
      int format = tokens.isSymbol(i + 1, '=') ? i + 2 : i + 1;
      if (tokens.is(i, "ROW_FORMAT") && format < to && tokens.isAny(format, "FIXED", "PAGE")) {
        replacement.text(format, "DEFAULT");
      }
    }
  }

  private static boolean isReplaced(Tokens tokens, int name) {
    boolean named = tokens.isName(name) || tokens.kind(name) == TokenKind.STRING;
    return named && REPLACED.contains(tokens.name(name).toUpperCase(java.util.Locale.ROOT));
  }
}
