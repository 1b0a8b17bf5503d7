package io.lockstep.sql;

import io.lockstep.model.Bytes;
import java.util.ArrayList;
import java.util.List;

/** The body of a trigger, taken apart into the statements that write. */
final class ProgramBody {
  /** ER_SIGNAL_EXCEPTION, which a SIGNAL has when it names no number. */
  private static final String UNHANDLED_SIGNAL = "1644";

  private final Bytes sql;
  private final Tokens tokens;

  private ProgramBody(Bytes sql, Tokens tokens) {
    this.sql = sql;
    this.tokens = tokens;
  }

  /**
   * What a body does.
   *
   * @param writes its INSERT, REPLACE, UPDATE and DELETE statements
   * @param facts everything that it mentions, over all its statements
   * @param calls whether it calls a procedure, runs text as a statement, or handles conditions by
   *     statements that are not looked for here
   * @param feigns whether it may raise an error under a number that the server uses itself
   */
  record Content(List<Statement> writes, Facts facts, boolean calls, boolean feigns) {}

  static Content read(TableDefinition.Trigger trigger) {
    Bytes sql = Bytes.utf8(trigger.body());
    Dialect dialect = Dialect.of(trigger.sqlMode(), Dialect.SERVER_VERSION_MIN);
    return new ProgramBody(sql, SqlLexer.read(sql, dialect)).content();
  }

  private Content content() {
    List<Statement> writes = new ArrayList<>();
    boolean calls = tokens.unterminated();
    boolean feigns = false;
    for (int i = 0; i < tokens.count(); i++) {
      calls |= tokens.is(i, "HANDLER");
      feigns |= tokens.is(i, "MYSQL_ERRNO") && !ownNumber(i + 2);
      if (!startsStatement(tokens, i)) {
        continue;
      }
      if (tokens.isAny(i, "INSERT", "REPLACE", "UPDATE", "DELETE")) {
        int end = end(i);
        writes.add(new DmlReader(sql, tokens, i, end).read());
        i = end;
      } else if (tokens.isAny(i, "CALL", "EXECUTE", "PREPARE") || setsSession(i)) {
        calls = true;
      }
    }
    return new Content(writes, FactsReader.read(tokens, 0, tokens.count()), calls, feigns);
  }

  /** SET of anything but columns of the row and user variables; local variables look alike. */
  private boolean setsSession(int i) {
    if (!tokens.is(i, "SET")) {
      return false;
    }
    boolean row = tokens.isAny(i + 1, "NEW", "OLD") && tokens.isSymbol(i + 2, '.');
    boolean several = false;
    for (int at = i; at < end(i); at++) {
      several |= tokens.isSymbol(at, ',');
    }
    return !declares(i + 1) && (!row || several);
  }

  private boolean declares(int name) {
    for (int i = 0; i + 1 < name; i++) {
      if (tokens.is(i, "DECLARE") && tokens.name(i + 1).equalsIgnoreCase(tokens.name(name))) {
        return true;
      }
    }
    return false;
  }

  /** A literal that no error of the server has, behind {@code MYSQL_ERRNO =}. */
  private boolean ownNumber(int i) {
    String number = i < tokens.count() ? tokens.textOf(i, i + 1).latin1() : "";
    return number.equals(UNHANDLED_SIGNAL) || number.matches("[1-9][0-9]{4}");
  }

  /** Whether a statement of a program may begin with this token. */
  static boolean startsStatement(Tokens tokens, int i) {
    return i == 0
        || tokens.isSymbol(i - 1, ';')
        || tokens.isSymbol(i - 1, ':')
        || tokens.isAny(i - 1, "BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", "ATOMIC", "ROW");
  }

  private int end(int from) {
    for (int i = from; i < tokens.count(); i++) {
      if (tokens.isSymbol(i, ';')) {
        return i;
      }
    }
    return tokens.count();
  }
}
