package io.lockstep.sql;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.TableName;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A compound statement outside of stored programs: what a procedure without parameters would do
 * that has it for its body, the rights of who calls it, and the modes of now (MariaDB Knowledge
 * Base, Using Compound Statements Outside of Stored Programs). Immutable.
 *
 * @param program that procedure
 */
public record CompoundStatement(StoredProcedure program) implements CalledProgram {
  private static final int LINES_BEFORE = 2;
  private static final Pattern LINE = Pattern.compile("^At line (\\d+) in .+$");

  /**
   * Empty for any other statement. The procedure is in {@code schema}, where names without one are
   * looked for.
   */
  public static Optional<CompoundStatement> of(
      Statement statement, String schema, Account account, StoredProcedure.Context context) {
    Tokens tokens = statement.tokens();
    boolean compound =
        statement.type() instanceof StatementClass.Call && !tokens.isAny(0, "ANALYZE", "CALL");
    return compound && !schema.isEmpty()
        ? Optional.of(
            new CompoundStatement(
                StoredProcedure.of(
                    new TableName(schema, OwnProcedures.name(0)),
                    Bytes.EMPTY,
                    body(tokens),
                    account,
                    true,
                    context)))
        : Optional.empty();
  }

  private static Bytes body(Tokens tokens) {
    int end = tokens.count();
    while (end > 0 && tokens.isSymbol(end - 1, ';')) {
      end--;
    }
    return tokens.textOf(0, end);
  }

  @Override
  public TableName name() {
    return program.name();
  }

  @Override
  public Optional<StoredProcedure> itself() {
    return Optional.of(program);
  }

  @Override
  public Bytes of(String procedure) {
    String schema = program.name().schema();
    byte[] bytes =
        ("CALL " + new TableName(schema, procedure).quoted() + "()")
            .getBytes(program.context().dialect().charset().java());
    return Bytes.owning(bytes);
  }

  /**
   * The server numbers the lines of a procedure as it prints it: two before the body, of which the
   * second says whose rights it has.
   */
  @Override
  public String told(String message, String procedure) {
    Matcher line = LINE.matcher(message);
    return message.contains(procedure) && line.matches()
        ? "At line " + (Integer.parseInt(line.group(1)) - LINES_BEFORE) + " in anonymous block"
        : message;
  }
}
