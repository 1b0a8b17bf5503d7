package io.lockstep.sql;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.TableName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A stored procedure as one node's database has it (MariaDB: mysql.proc).
 *
 * @param name its schema and its own name
 * @param parameters what stands between the parentheses, in the character set of its context
 * @param body in the same
 * @param definer who made it
 * @param invokers whether it has the rights of who calls it, and not its definer's
 * @param context what it was written under
 * @param content what it does with transactions and tables
 * @param inserts the tables that it inserts into by name
 * @param facts what its body mentions
 */
public record StoredProcedure(
    TableName name,
    Bytes parameters,
    Bytes body,
    Account definer,
    boolean invokers,
    Context context,
    ProgramTransactions.Content content,
    Set<TableName> inserts,
    Facts facts) {
  public StoredProcedure {
    inserts = Set.copyOf(inserts);
  }

  /** Settings by the server's names and values. */
  public record Context(String sqlMode, String charset, String collation) {
    /** How a text under these settings is read. */
    Dialect dialect() {
      return Dialect.of(sqlMode, Dialect.SERVER_VERSION_MIN).withClientCharset(charset);
    }
  }

  /** Reads its body. */
  public static StoredProcedure of(
      TableName name,
      Bytes parameters,
      Bytes body,
      Account definer,
      boolean invokers,
      Context context) {
    return new StoredProcedure(
        name,
        parameters,
        body,
        definer,
        invokers,
        context,
        ProgramTransactions.read(body, context.dialect()),
        ProgramInserts.tables(body, context.dialect(), name.schema()),
        facts(body, context.dialect()));
  }

  private static Facts facts(Bytes body, Dialect dialect) {
    Tokens tokens = SqlLexer.read(body, dialect);
    return FactsReader.read(tokens, 0, tokens.count());
  }

  /**
   * Its body with savepoints for transactions; empty when that cannot be said.
   *
   * @param autocommit of the session that calls it
   * @param others what is to be called in the place of other procedures, quoted, by their names
   * @param tables what can be dropped or emptied without a commit
   * @param definitions whether its gateway orders definitions while it waits
   * @param numbers tables whose ids its gateway says
   */
  public Optional<Bytes> asSavepoints(
      boolean autocommit,
      Map<TableName, String> others,
      Map<TableName, StandIn> tables,
      boolean definitions,
      Map<TableName, TableDefinition> numbers) {
    String home = name.schema();
    return ProgramTransactions.asSavepoints(
            body,
            context.dialect(),
            autocommit,
            new ProgramTransactions.Others(
                called -> Optional.ofNullable(others.get(called.from(home))),
                table -> Optional.ofNullable(tables.get(table.from(home))),
                definitions ? Optional.of(parameterNames()) : Optional.empty()))
        .map(text -> numbers.isEmpty() ? text : ProgramInserts.numbered(this, text, numbers));
  }

  /** And the types, which do no harm. */
  private Set<String> parameterNames() {
    Tokens tokens = SqlLexer.read(parameters, context.dialect());
    return IntStream.range(0, tokens.count())
        .filter(tokens::isName)
        .mapToObj(tokens::name)
        .collect(Collectors.toSet());
  }

  /** More arguments than it has parameters. */
  public String tooManyArguments() {
    Tokens tokens = SqlLexer.read(parameters, context.dialect());
    StringBuilder arguments = new StringBuilder("0");
    for (int i = 0; i < tokens.count(); i++) {
      if (i == 0 || tokens.isSymbol(i, ',')) {
        arguments.append(",0");
      }
    }
    return arguments.toString();
  }
}
