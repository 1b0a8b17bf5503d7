package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.model.Capture;
import io.lockstep.model.TableName;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The statements in the body of a stored procedure that begin and end transactions, and those that
 * call others. Written as savepoints they make the body a part of one transaction: what it commits
 * stays, what it rolls back goes, and everything takes effect together.
 */
public final class ProgramTransactions {
  /** The savepoint that is there while such a transaction is open. */
  public static final String SAVEPOINT = Capture.PART + "call";

  private static final String QUOTED = "`" + SAVEPOINT + "`";

  /** ER_SP_DOES_NOT_EXIST, which the server says of a savepoint. */
  private static final int NONE = 1305;

  private final Tokens tokens;
  private final boolean autocommit;
  private final Function<Called, Optional<String>> others;
  private final Replacement replacement;
  private final Set<Called> called = new HashSet<>();
  private final Set<Called> temporary = new HashSet<>();
  private boolean any;
  private boolean dynamic;
  private boolean understood;

  private ProgramTransactions(
      Bytes body, Dialect dialect, boolean autocommit, Function<Called, Optional<String>> others) {
    this.others = others;
    this.tokens = SqlLexer.read(body, dialect);
    this.autocommit = autocommit;
    this.replacement = new Replacement(tokens);
    this.understood = !tokens.unterminated() && !tokens.hasExecutableComment();
  }

  /**
   * What a body does with transactions.
   *
   * @param any whether it begins or ends one
   * @param calls the procedures that it calls
   * @param temporary the temporary tables that it makes
   * @param dynamic whether it runs texts that only its execution knows
   */
  public record Content(boolean any, Set<Called> calls, Set<Called> temporary, boolean dynamic) {
    public Content {
      calls = Set.copyOf(calls);
      temporary = Set.copyOf(temporary);
    }
  }

  /** A procedure or table by its name; without a schema it is looked for in that of the body. */
  public record Called(Optional<String> schema, String name) {
    /** In full, within a body of that schema. */
    public TableName from(String home) {
      return new TableName(schema.orElse(home), name);
    }
  }

  public static Content read(Bytes body, Dialect dialect) {
    ProgramTransactions program =
        new ProgramTransactions(body, dialect, true, called -> Optional.empty());
    program.walk();
    return new Content(program.any, program.called, program.temporary, program.dynamic);
  }

  /**
   * The body with savepoints for its transactions; empty when one of them cannot be said so.
   *
   * @param autocommit of the session that calls it: without, a transaction is always open, and the
   *     savepoint has to be set before the call
   * @param others what is to be called in the place of other procedures, quoted
   */
  static Optional<Bytes> asSavepoints(
      Bytes body, Dialect dialect, boolean autocommit, Function<Called, Optional<String>> others) {
    ProgramTransactions program = new ProgramTransactions(body, dialect, autocommit, others);
    program.walk();
    return program.understood ? Optional.of(program.replacement.sql()) : Optional.empty();
  }

  private void walk() {
    boolean declares = false;
    for (int i = 0; i < tokens.count(); i++) {
      boolean starts = ProgramBody.startsStatement(tokens, i);
      declares = starts ? tokens.is(i, "DECLARE") : declares && !tokens.isSymbol(i, ';');
      // DECLARE … HANDLER FOR … has its statement behind the conditions.
      if (starts || declares) {
        statement(i);
      }
    }
  }

  private void statement(int i) {
    if (tokens.is(i, "START") && tokens.is(i + 1, "TRANSACTION")) {
      replace(i, i + 1, "SAVEPOINT " + QUOTED);
    } else if (tokens.is(i, "COMMIT")) {
      replace(i, work(i), commit());
    } else if (tokens.is(i, "ROLLBACK")) {
      int last = work(i);
      if (!tokens.is(last + 1, "TO")) {
        replace(i, last, rollback());
      }
    } else if (tokens.is(i, "CALL") && tokens.isName(i + 1)) {
      call(i + 1);
    } else if (tokens.isAny(i, "EXECUTE", "PREPARE")) {
      dynamic = true;
    } else if (tokens.is(i, "CREATE")) {
      temporaryTable(i + 1);
    }
  }

  private void temporaryTable(int from) {
    int i = tokens.is(from, "OR") ? from + 2 : from;
    if (tokens.is(i, "TEMPORARY") && tokens.is(i + 1, "TABLE")) {
      int name = tokens.is(i + 2, "IF") ? i + 5 : i + 2;
      if (tokens.isName(name)) {
        temporary.add(named(name));
      }
    }
  }

  private boolean qualified(int name) {
    return tokens.isSymbol(name + 1, '.') && tokens.isName(name + 2);
  }

  private Called named(int name) {
    return qualified(name)
        ? new Called(Optional.of(tokens.name(name)), tokens.name(name + 2))
        : new Called(Optional.empty(), tokens.name(name));
  }

  private void call(int name) {
    boolean qualified = qualified(name);
    Called one = named(name);
    called.add(one);
    others
        .apply(one)
        .ifPresent(
            other -> {
              replacement.text(name, other);
              for (int i = name + 1; qualified && i <= name + 2; i++) {
                replacement.text(i, "");
              }
            });
  }

  private int work(int i) {
    return tokens.is(i + 1, "WORK") ? i + 1 : i;
  }

  private String commit() {
    return autocommit ? unlessNone("RELEASE SAVEPOINT " + QUOTED) : "SAVEPOINT " + QUOTED;
  }

  private String rollback() {
    String back = "ROLLBACK TO SAVEPOINT " + QUOTED;
    return autocommit ? unlessNone(back + "; RELEASE SAVEPOINT " + QUOTED) : back;
  }

  /** Without a transaction the server lets these pass. */
  private static String unlessNone(String statements) {
    return "BEGIN DECLARE CONTINUE HANDLER FOR " + NONE + " BEGIN END; " + statements + "; END";
  }

  /** AND CHAIN, RELEASE, READ ONLY and their like follow where no statement ends. */
  private void replace(int first, int last, String statement) {
    any = true;
    understood &= last + 1 == tokens.count() || tokens.isSymbol(last + 1, ';');
    replacement.text(first, statement);
    for (int i = first + 1; i <= last; i++) {
      replacement.text(i, "");
    }
  }
}
