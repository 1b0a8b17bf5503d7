package io.lockstep.sql;

import io.lockstep.model.Bytes;
import java.util.ArrayList;
import java.util.List;

/** The body of a trigger, taken apart into the statements that write. */
final class ProgramBody {
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
   * @param calls whether it calls a procedure or runs text as a statement
   */
  record Content(List<Statement> writes, Facts facts, boolean calls) {}

  static Content read(TableDefinition.Trigger trigger) {
    Bytes sql = Bytes.utf8(trigger.body());
    Dialect dialect = Dialect.of(trigger.sqlMode(), Dialect.SERVER_VERSION_MIN);
    return new ProgramBody(sql, SqlLexer.read(sql, dialect)).content();
  }

  private Content content() {
    List<Statement> writes = new ArrayList<>();
    boolean calls = tokens.unterminated();
    for (int i = 0; i < tokens.count(); i++) {
      if (!startsStatement(i)) {
        continue;
      }
      if (tokens.isAny(i, "INSERT", "REPLACE", "UPDATE", "DELETE")) {
        int end = end(i);
        writes.add(new DmlReader(sql, tokens, i, end).read());
        i = end;
      } else if (tokens.isAny(i, "CALL", "EXECUTE", "PREPARE")) {
        calls = true;
      }
    }
    return new Content(writes, FactsReader.read(tokens, 0, tokens.count()), calls);
  }

  private boolean startsStatement(int i) {
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
