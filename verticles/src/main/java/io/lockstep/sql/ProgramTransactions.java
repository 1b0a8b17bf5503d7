package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.model.Capture;
import io.lockstep.model.TableName;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The statements in the body of a stored procedure that begin and end transactions, and those that
 * call others. Written as savepoints they make the body a part of one transaction: what it commits
 * stays, what it rolls back goes, and everything takes effect together. So do statements that drop
 * or empty tables, where another one does the same without a commit ({@link StandIn}).
 */
public final class ProgramTransactions {
  /** The savepoint that is there while such a transaction is open. */
  public static final String SAVEPOINT = Capture.PART + "call";

  private static final String QUOTED = "`" + SAVEPOINT + "`";

  private static final Set<String> ON = Set.of("1", "ON", "TRUE");
  private static final Set<String> OFF = Set.of("0", "OFF", "FALSE");

  /** Where a DELETE needs a condition (sql_safe_updates), a limit serves as well. */
  private static final String ALL = " LIMIT 18446744073709551615";

  /** ER_SP_DOES_NOT_EXIST, which the server says of a savepoint. */
  private static final int NONE = 1305;

  private final Tokens tokens;
  private final Others others;
  private final boolean autocommitBefore;
  private final Replacement replacement;
  private final ProgramDefinitions definitions;
  private final Set<Trait> traits = EnumSet.noneOf(Trait.class);
  private final Set<Called> called = new HashSet<>();
  private final Set<Called> temporary = new HashSet<>();
  private final Set<Called> numbered = new HashSet<>();
  private final Set<Called> dropped = new HashSet<>();
  private final Set<Called> emptied = new HashSet<>();
  private boolean autocommit;
  private boolean understood;

  private ProgramTransactions(Bytes body, Dialect dialect, boolean autocommit, Others others) {
    this.others = others;
    this.tokens = SqlLexer.read(body, dialect);
    this.autocommitBefore = autocommit;
    this.autocommit = autocommit;
    this.replacement = new Replacement(tokens);
    this.definitions = new ProgramDefinitions(tokens, replacement);
    this.understood = !tokens.unterminated() && !tokens.hasExecutableComment();
  }

  /** What may be found in a body. */
  public enum Trait {
    /** It begins or ends a transaction. */
    TRANSACTIONS,
    /** It makes temporary tables of other engines than ours. */
    ENGINES,
    /** It runs texts that only its execution knows. */
    DYNAMIC,
    /** It defines something, which commits. */
    DEFINITIONS,
    /** It defines something that a gateway can order while it waits. */
    LASTING,
    /** It may make tables that stay, itself or by a text that it runs. */
    TABLES,
    /** It handles conditions, errors among them. */
    HANDLERS
  }

  /**
   * What a body does with transactions and tables.
   *
   * @param calls the procedures that it calls
   * @param temporary the temporary tables that it makes
   * @param numbered those of them that may number their rows
   * @param dropped what it drops as a table
   * @param emptied what it truncates
   */
  public record Content(
      Set<Trait> traits,
      Set<Called> calls,
      Set<Called> temporary,
      Set<Called> numbered,
      Set<Called> dropped,
      Set<Called> emptied) {
    public Content {
      traits = Set.copyOf(traits);
      calls = Set.copyOf(calls);
      temporary = Set.copyOf(temporary);
      numbered = Set.copyOf(numbered);
      dropped = Set.copyOf(dropped);
      emptied = Set.copyOf(emptied);
    }

    /** Whether it was found. */
    public boolean has(Trait trait) {
      return traits.contains(trait);
    }
  }

  /**
   * What stands for things that a body names.
   *
   * @param procedures what is to be called in the place of another procedure, quoted
   * @param definitions the names of its parameters, where its gateway orders definitions while it
   *     waits ({@link ProgramPause})
   */
  record Others(
      Function<Called, Optional<String>> procedures,
      Function<Called, Optional<StandIn>> tables,
      Optional<Set<String>> definitions) {
    static final Others NONE =
        new Others(called -> Optional.empty(), named -> Optional.empty(), Optional.empty());
  }

  /** A procedure or table by its name; without a schema it is looked for in that of the body. */
  public record Called(Optional<String> schema, String name) {
    /** In full, within a body of that schema. */
    public TableName from(String home) {
      return new TableName(schema.orElse(home), name);
    }
  }

  public static Content read(Bytes body, Dialect dialect) {
    ProgramTransactions program = new ProgramTransactions(body, dialect, true, Others.NONE);
    program.walk();
    return new Content(
        program.traits,
        program.called,
        program.temporary,
        program.numbered,
        program.dropped,
        program.emptied);
  }

  /**
   * The body with savepoints for its transactions; empty when one of them cannot be said so.
   *
   * @param autocommit of the session that calls it: without, a transaction is always open, and the
   *     savepoint has to be set before the call. Read as the text goes: what is said of it further
   *     down, as by a handler's statement, does not count further up
   */
  static Optional<Bytes> asSavepoints(
      Bytes body, Dialect dialect, boolean autocommit, Others others) {
    ProgramTransactions program = new ProgramTransactions(body, dialect, autocommit, others);
    program.walk();
    // Where the last word on autocommit is another one, the session would keep it.
    boolean kept =
        program.autocommit == autocommit
            && (others.definitions().isEmpty() || program.definitions.endsNoBranch());
    return program.understood && kept ? Optional.of(program.replacement.sql()) : Optional.empty();
  }

  private void walk() {
    boolean declares = false;
    for (int i = 0; i < tokens.count(); i++) {
      boolean starts = ProgramBody.startsStatement(tokens, i);
      ProgramDefinitions.trait(tokens, i).ifPresent(traits::add);
      declares = starts ? tokens.is(i, "DECLARE") : declares && !tokens.isSymbol(i, ';');
      // DECLARE … HANDLER FOR … has its statement behind the conditions.
      if (starts || declares) {
        statement(i);
      }
    }
  }

  private void statement(int i) {
    if (ProgramDefinitions.commits(tokens, i) && !ofTemporary(i)) {
      traits.add(Trait.DEFINITIONS);
    }
    boolean lasting = ProgramDefinitions.lasting(tokens, i);
    if (lasting) {
      traits.add(Trait.LASTING);
    }
    if (tokens.is(i, "START") && tokens.is(i + 1, "TRANSACTION")) {
      replace(i, i + 1, "SAVEPOINT " + QUOTED);
    } else if (tokens.is(i, "COMMIT")) {
      replace(i, work(i), commit());
    } else if (tokens.is(i, "ROLLBACK")) {
      int last = work(i);
      if (!tokens.is(last + 1, "TO")) {
        replace(i, last, rollback());
      }
    } else if (tokens.is(i, "SET")) {
      set(i);
    } else if (tokens.is(i, "CALL") && tokens.isName(i + 1)) {
      call(i + 1);
    } else if (tokens.isAny(i, "EXECUTE", "PREPARE")) {
      traits.add(Trait.DYNAMIC);
      others.definitions().ifPresent(handed -> text(i));
    } else if (tokens.is(i, "CREATE")) {
      temporaryTable(i + 1);
    } else if (tokens.is(i, "DROP") && tokens.isAny(i + 1, "TABLE", "TABLES")) {
      lasting = !drop(i);
    } else if (tokens.is(i, "TRUNCATE")) {
      lasting = !truncate(i);
    }
    if (lasting) {
      others.definitions().ifPresent(parameters -> definition(i, parameters));
    }
  }

  private void definition(int i, Set<String> parameters) {
    traits.add(Trait.TRANSACTIONS);
    understood &= definitions.definition(i, end(i), parameters, behind());
  }

  private void text(int i) {
    traits.add(Trait.TRANSACTIONS);
    if (tokens.is(i, "PREPARE")) {
      definitions.prepare(i, end(i));
    } else {
      definitions.execute(i, end(i), behind());
    }
  }

  /** Without autocommit a transaction is open again behind a definition. */
  private String behind() {
    return autocommit ? "" : "SAVEPOINT " + QUOTED + "; ";
  }

  /** SET autocommit, alone: without it a transaction is open until it is said again. */
  private void set(int i) {
    if (isLevel(i)) {
      replace(i, end(i) - 1, "DO 0");
    }
    int name = tokens.isAny(i + 1, "SESSION", "LOCAL") ? i + 2 : i + 1;
    if (!tokens.is(name, "AUTOCOMMIT") || end(i) != name + 3 || !tokens.isSymbol(name + 1, '=')) {
      return;
    }
    String value = tokens.raw(name + 2).toUpperCase(Locale.ROOT);
    if (ON.contains(value) && autocommitBefore) {
      autocommit = true;
      replace(i, name + 2, commit());
    } else if (OFF.contains(value) && autocommit) {
      autocommit = false;
      replace(i, name + 2, commit());
    }
  }

  /** Which the transaction has already; one that could be weaker is not taken for another. */
  private boolean isLevel(int i) {
    return tokens.is(i + 1, "TRANSACTION")
        && tokens.is(i + 2, "ISOLATION")
        && tokens.isAny(i + 4, "READ", "REPEATABLE")
        && end(i) == i + 6;
  }

  /** Whether it could be done without a commit. */
  private boolean drop(int i) {
    int at = tokens.is(i + 2, "IF") ? i + 4 : i + 2;
    List<Called> names = new ArrayList<>();
    while (tokens.isName(at)) {
      names.add(named(at));
      at += qualified(at) ? 3 : 1;
      at += tokens.isSymbol(at, ',') ? 1 : 0;
    }
    dropped.addAll(names);
    boolean temporaryAll =
        !names.isEmpty()
            && names.stream()
                .allMatch(
                    name ->
                        others.tables().apply(name).filter(in -> in != StandIn.ROWS).isPresent());
    if (temporaryAll) {
      committed(i, "DROP TEMPORARY", end(i) - 1, "");
    }
    return temporaryAll;
  }

  private boolean truncate(int i) {
    int name = tokens.is(i + 1, "TABLE") ? i + 2 : i + 1;
    int last = qualified(name) ? name + 2 : name;
    if (!tokens.isName(name) || last + 1 != end(i)) {
      return false;
    }
    Called table = named(name);
    emptied.add(table);
    boolean can = others.tables().apply(table).filter(in -> in != StandIn.NUMBERED).isPresent();
    if (can) {
      committed(i, "DELETE FROM", last, ALL);
      if (name == i + 2) {
        replacement.text(i + 1, "");
      }
    }
    return can;
  }

  private int end(int from) {
    int i = from;
    while (i < tokens.count() && !tokens.isSymbol(i, ';')) {
      i++;
    }
    return i;
  }

  /** A definition commits what is open before it, and is committed itself. */
  private void committed(int first, String begin, int last, String more) {
    traits.add(Trait.TRANSACTIONS);
    String after = autocommit ? "" : "; " + commit();
    replacement.text(first, "BEGIN " + commit() + "; " + begin);
    replacement.text(last, tokens.textOf(last, last + 1).latin1() + more + after + "; END");
  }

  private boolean ofTemporary(int i) {
    return tokens.is(tokens.is(i + 1, "OR") ? i + 3 : i + 1, "TEMPORARY");
  }

  private void temporaryTable(int from) {
    int i = tokens.is(from, "OR") ? from + 2 : from;
    if (tokens.is(i, "TEMPORARY") && tokens.is(i + 1, "TABLE")) {
      int name = tokens.is(i + 2, "IF") ? i + 5 : i + 2;
      if (tokens.isName(name)) {
        temporary.add(named(name));
        if (numbers(name)) {
          numbered.add(named(name));
        }
        if (Engines.replace(tokens, name, end(name), replacement)) {
          traits.add(Trait.ENGINES);
        }
      }
    }
  }

  /** By its own columns, or by those of the table that it is made like. */
  private boolean numbers(int name) {
    for (int i = name; i < end(name); i++) {
      if (tokens.isAny(i, "AUTO_INCREMENT", "LIKE", "SERIAL")) {
        return true;
      }
    }
    return false;
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
        .procedures()
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
    traits.add(Trait.TRANSACTIONS);
    understood &= last + 1 == tokens.count() || tokens.isSymbol(last + 1, ';');
    replacement.text(first, statement);
    for (int i = first + 1; i <= last; i++) {
      replacement.text(i, "");
    }
  }
}
