package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.model.TableName;
import java.util.Optional;

/** What a CALL calls: the tokens from {@code first} to {@code last} of its text name it. */
public record CalledProcedure(Statement statement, TableName name, int first, int last)
    implements CalledProgram {
  /** Empty for what is no CALL of a name; {@code schema} is that of the session. */
  public static Optional<CalledProcedure> of(Statement statement, String schema) {
    Tokens tokens = statement.tokens();
    if (!tokens.is(0, "CALL") || !tokens.isName(1)) {
      return Optional.empty();
    }
    if (!tokens.isSymbol(2, '.')) {
      return schema.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new CalledProcedure(statement, new TableName(schema, tokens.name(1)), 1, 1));
    }
    return tokens.isName(3)
        ? Optional.of(
            new CalledProcedure(statement, new TableName(tokens.name(1), tokens.name(3)), 1, 3))
        : Optional.empty();
  }

  @Override
  public Optional<StoredProcedure> itself() {
    return Optional.empty();
  }

  @Override
  public String told(String message, String procedure) {
    return message.replace(procedure, name.table());
  }

  @Override
  public Bytes of(String procedure) {
    Tokens tokens = statement.tokens();
    Replacement replacement = new Replacement(tokens);
    replacement.text(last, "`" + procedure + "`");
    if (first == last) {
      replacement.text(first, quoted(name.schema()) + ".`" + procedure + "`");
    }
    return replacement.sql();
  }

  private String quoted(String schema) {
    byte[] bytes = schema.replace("`", "``").getBytes(statement.dialect().charset().java());
    return "`" + Bytes.owning(bytes).latin1() + "`";
  }
}
