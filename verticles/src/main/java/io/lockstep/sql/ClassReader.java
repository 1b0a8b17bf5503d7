package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.sql.StatementClass.AccountChange;
import io.lockstep.sql.StatementClass.Kill;
import io.lockstep.sql.StatementClass.Maintenance;
import io.lockstep.sql.StatementClass.Read;
import io.lockstep.sql.StatementClass.Refused;
import io.lockstep.sql.StatementClass.UseSchema;
import java.util.List;
import java.util.Optional;

/** Reads one statement's first keywords and hands the rest to the reader of its kind. */
final class ClassReader {
  private final Bytes sql;
  private final Dialect dialect;
  private final Tokens tokens;

  ClassReader(Bytes sql, Dialect dialect, Tokens tokens) {
    this.sql = sql;
    this.dialect = dialect;
    this.tokens = tokens;
  }

  Statement read() {
    int first = 0;
    while (tokens.isSymbol(first, '(')) {
      first++;
    }
    return switch (tokens.upper(first)) {
      case "SELECT", "VALUES", "TABLE" -> query();
      case "WITH" -> with();
      case "INSERT", "REPLACE", "UPDATE", "DELETE" -> first == 0 ? dml() : unknown();
      case "SET" -> set();
      case "SHOW", "HELP", "CHECKSUM", "CHECK", "SIGNAL", "RESIGNAL", "GET" -> plainRead(false);
      case "DO" -> plainRead(false);
      case "HANDLER" -> plainRead(true);
      case "EXPLAIN", "DESC", "DESCRIBE" -> explain();
      case "ANALYZE" -> analyze();
      case "USE" -> use();
      case "BEGIN",
          "START",
          "COMMIT",
          "ROLLBACK",
          "SAVEPOINT",
          "RELEASE",
          "XA",
          "PREPARE",
          "EXECUTE",
          "DEALLOCATE",
          "LOCK",
          "UNLOCK" ->
          new SessionReader(tokens).read().map(this::withFacts).orElseGet(this::unknown);
      case "KILL" -> withFacts(kill());
      case "GRANT", "REVOKE" -> simple(new AccountChange(tokens.upper(0)));
      case "CREATE", "ALTER", "DROP", "RENAME", "TRUNCATE" -> definition();
      case "OPTIMIZE", "REPAIR", "FLUSH", "CACHE", "RESET" -> maintenance();
      default -> other();
    };
  }

  private Statement other() {
    return switch (tokens.upper(0)) {
      case "LOAD" ->
          tokens.is(1, "INDEX") ? simple(new Maintenance("LOAD INDEX", List.of())) : load();
      case "CALL", "IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR" ->
          withFacts(new StatementClass.Call());
      case "PURGE", "CHANGE", "STOP", "INSTALL", "UNINSTALL", "SHUTDOWN", "BACKUP", "BINLOG" ->
          refused(tokens.upper(0) + " (the servers' own administration)");
      default -> unknown();
    };
  }

  /** LOAD DATA [LOW_PRIORITY | CONCURRENT] LOCAL INFILE 'file' [REPLACE | IGNORE] INTO TABLE t … */
  private Statement load() {
    int local = tokens.isAny(2, "LOW_PRIORITY", "CONCURRENT") ? 3 : 2;
    int file = local + 2;
    int into = tokens.isAny(file + 1, "REPLACE", "IGNORE") ? file + 2 : file + 1;
    int table = into + 2;
    if (!tokens.is(local, "LOCAL")) {
      return refused("LOAD " + tokens.upper(1) + " of a file of one server; use LOCAL");
    }
    if (file >= tokens.count()
        || tokens.kind(file) != TokenKind.STRING
        || !tokens.is(into, "INTO")
        || !tokens.is(into + 1, "TABLE")
        || !tokens.isName(table)) {
      return unknown();
    }
    boolean qualified = tokens.isSymbol(table + 1, '.') && tokens.isName(table + 2);
    TableRef target =
        qualified
            ? new TableRef(Optional.of(tokens.name(table)), tokens.name(table + 2), true)
            : new TableRef(Optional.empty(), tokens.name(table), true);
    return withFacts(new StatementClass.Load(TokenText.string(tokens, file), target));
  }

  private Statement unknown() {
    return new Statement(
        sql, dialect, tokens, Refused.notSupported("a statement of unknown kind"), facts(), true);
  }

  private Statement refused(String what) {
    return simple(Refused.notSupported(what));
  }

  private Statement simple(StatementClass type) {
    return new Statement(sql, dialect, tokens, type, Facts.NONE, false);
  }

  private Statement withFacts(StatementClass type) {
    return new Statement(sql, dialect, tokens, type, facts(), false);
  }

  private Facts facts() {
    return FactsReader.read(tokens, 0, tokens.count());
  }

  private Statement plainRead(boolean pins) {
    Facts facts = facts();
    return readOf(facts, new Read(Optional.empty(), false, pins || facts.takesUserLock()));
  }

  private Statement readOf(Facts facts, Read read) {
    return new Statement(sql, dialect, tokens, read, facts, false);
  }

  private Statement query() {
    Facts facts = facts();
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.is(i, "INTO") && tokens.isAny(i + 1, "OUTFILE", "DUMPFILE")) {
        return refused("SELECT … INTO " + tokens.upper(i + 1));
      }
    }
    return readOf(facts, new Read(lockingClause(), false, facts.takesUserLock()));
  }

  /** From the last FOR UPDATE, FOR SHARE or LOCK IN SHARE MODE outside parentheses to its end. */
  private Optional<TextRange> lockingClause() {
    int depth = 0;
    Optional<TextRange> found = Optional.empty();
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.isSymbol(i, '(')) {
        depth++;
      } else if (tokens.isSymbol(i, ')')) {
        depth--;
      } else if (tokens.is(i, "FOR") && tokens.isAny(i + 1, "UPDATE", "SHARE")) {
        found = Optional.of(lockRange(i, i + 1, depth));
      } else if (tokens.is(i, "LOCK") && tokens.is(i + 1, "IN") && tokens.is(i + 2, "SHARE")) {
        found = Optional.of(lockRange(i, i + 3, depth));
      }
    }
    return found;
  }

  /**
   * An empty range says: there is one, but inside parentheses or before other clauses, where it
   * cannot be cut out.
   */
  private TextRange lockRange(int from, int last, int depth) {
    if (depth > 0) {
      return new TextRange(tokens.start(from), tokens.start(from));
    }
    int end = last;
    if (tokens.isAny(end + 1, "NOWAIT")) {
      end++;
    } else if (tokens.is(end + 1, "SKIP") && tokens.is(end + 2, "LOCKED")) {
      end += 2;
    } else if (tokens.is(end + 1, "WAIT") && isNumber(end + 2)) {
      end += 2;
    }
    int lastToken = Math.min(end, tokens.count() - 1);
    boolean atEnd = lastToken + 1 >= tokens.count() || tokens.isSymbol(lastToken + 1, ';');
    return atEnd || tokens.is(lastToken + 1, "INTO")
        ? new TextRange(tokens.start(from), tokens.end(lastToken))
        : new TextRange(tokens.start(from), tokens.start(from));
  }

  private boolean isNumber(int i) {
    return i < tokens.count() && tokens.kind(i) == TokenKind.INTEGER;
  }

  /** WITH stands before a query; what else it stands before is not understood. */
  private Statement with() {
    int depth = 0;
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.isSymbol(i, '(')) {
        depth++;
      } else if (tokens.isSymbol(i, ')')) {
        depth--;
      } else if (depth == 0 && tokens.isAny(i, "UPDATE", "DELETE", "INSERT", "REPLACE")) {
        return tokens.is(i - 1, "FOR") ? query() : unknown();
      }
    }
    return query();
  }

  private Statement dml() {
    Optional<Refused> oracle = Classifier.oracle(dialect);
    if (oracle.isPresent()) {
      return simple(oracle.get());
    }
    return new DmlReader(sql, tokens).read();
  }

  private Statement set() {
    if (tokens.is(1, "STATEMENT")) {
      return setStatement();
    }
    if (tokens.is(1, "PASSWORD") || (tokens.is(1, "DEFAULT") && tokens.is(2, "ROLE"))) {
      return simple(new AccountChange(tokens.is(1, "PASSWORD") ? "SET PASSWORD" : "SET ROLE"));
    }
    return new SetReader(tokens).read().map(this::withFacts).orElseGet(this::unknown);
  }

  /** SET STATEMENT … FOR a read is a read; for anything else the settings would not travel. */
  private Statement setStatement() {
    for (int i = 2; i < tokens.count(); i++) {
      if (tokens.is(i, "FOR")) {
        Bytes inner = tokens.slice(tokens.start(i + 1 < tokens.count() ? i + 1 : i), sql.length());
        return Classifier.readOne(inner, dialect).type().isRead() ? query() : scoped(i, inner);
      }
    }
    return unknown();
  }

  private Statement scoped(int end, Bytes inner) {
    return new SetReader(tokens)
        .assignments(2, end)
        .map(all -> withFacts(new StatementClass.ScopedSetting(all, inner)))
        .orElseGet(this::unknown);
  }

  private Statement explain() {
    int i = 1;
    while (tokens.isAny(i, "EXTENDED", "PARTITIONS", "ANALYZE", "FORMAT", "JSON", "TRADITIONAL")
        || tokens.isSymbol(i, '=')) {
      i++;
    }
    boolean write = tokens.isAny(i, "INSERT", "REPLACE", "UPDATE", "DELETE");
    if (write && tokens.is(1, "ANALYZE")) {
      return withFacts(new StatementClass.Call());
    }
    return readOf(facts(), new Read(Optional.empty(), write, false));
  }

  private Statement analyze() {
    int i = 1;
    if (tokens.isAny(1, "NO_WRITE_TO_BINLOG", "LOCAL", "TABLE", "TABLES")) {
      return maintenance();
    }
    if (tokens.is(i, "FORMAT")) {
      i += 3;
    }
    if (tokens.isAny(i, "SELECT", "WITH", "VALUES") || tokens.isSymbol(i, '(')) {
      return query();
    }
    return tokens.isAny(i, "INSERT", "REPLACE", "UPDATE", "DELETE")
        ? withFacts(new StatementClass.Call())
        : unknown();
  }

  private Statement use() {
    return tokens.isName(1) && tokens.count() == 2
        ? simple(new UseSchema(tokens.name(1)))
        : unknown();
  }

  private StatementClass kill() {
    int i = 1;
    while (tokens.isAny(i, "HARD", "SOFT", "CONNECTION")) {
      i++;
    }
    boolean query = tokens.is(i, "QUERY");
    int target = query ? i + 1 : i;
    int end = tokens.end(tokens.count() - 1);
    int start = target < tokens.count() ? tokens.start(target) : end;
    return new Kill(query, new TextRange(start, end));
  }

  private Statement definition() {
    Optional<Refused> oracle = Classifier.oracle(dialect);
    if (oracle.isPresent()) {
      return simple(oracle.get());
    }
    if (tokens.is(0, "DROP") && tokens.is(1, "PREPARE")) {
      return new SessionReader(tokens).read().map(this::withFacts).orElseGet(this::unknown);
    }
    return new DefinitionReader(tokens).classify().map(this::simple).orElseGet(this::unknown);
  }

  private Statement maintenance() {
    int i = 1;
    while (tokens.isAny(i, "NO_WRITE_TO_BINLOG", "LOCAL")) {
      i++;
    }
    String verb = tokens.upper(0);
    if (verb.equals("FLUSH")) {
      return new SessionReader(tokens).flush(i).map(this::simple).orElseGet(this::unknown);
    }
    if (verb.equals("RESET") && !tokens.is(1, "QUERY")) {
      return refused("RESET (the servers' own administration)");
    }
    boolean ofTables = tokens.isAny(i, "TABLE", "TABLES");
    return simple(
        new Maintenance(verb, ofTables ? NameList.tables(tokens, i + 1, false) : List.of()));
  }
}
