package io.lockstep.sql;

import io.lockstep.model.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What a statement is for the gateway. */
public sealed interface StatementClass {
  /** One answer for each class. */
  interface Cases<R> {
    R read(Read read);

    R dml(Dml dml);

    R definition(Definition definition);

    R accountChange(AccountChange change);

    R sessionSetting(SessionSetting setting);

    R scopedSetting(ScopedSetting setting);

    R useSchema(UseSchema use);

    R transactionControl(TransactionControl control);

    R textPrepare(TextPrepare prepare);

    R textExecute(TextExecute execute);

    R textDeallocate(TextDeallocate deallocate);

    R locking(Locking locking);

    R temporaryTable(TemporaryTable table);

    R maintenance(Maintenance maintenance);

    R kill(Kill kill);

    R call(Call call);

    R load(Load load);

    R refused(Refused refused);

    R empty(Empty empty);
  }

  <R> R fold(Cases<R> cases);

  /** Whether this is {@link Read}. */
  default boolean isRead() {
    return false;
  }

  /** Whether it is part of the open transaction, and begins one without autocommit. */
  default boolean takesPart(Facts facts) {
    return false;
  }

  /** The definer of the object that is defined, where it has one. */
  default Optional<DefinerClause> definer() {
    return Optional.empty();
  }

  /**
   * Changes no data, or is stopped by the read-only session if it tried to.
   *
   * @param lockingClause {@code FOR UPDATE}, {@code FOR SHARE} or {@code LOCK IN SHARE MODE} where
   *     it stands at the end: a read-only session refuses it with 1792, so it may be cut out in
   *     autocommit
   * @param explainsWrite EXPLAIN of a write, which a read-only session refuses as well
   * @param pins the session cannot move afterwards (HANDLER, user locks)
   */
  record Read(Optional<TextRange> lockingClause, boolean explainsWrite, boolean pins)
      implements StatementClass {
    public boolean locking() {
      return lockingClause.isPresent();
    }

    @Override
    public boolean isRead() {
      return true;
    }

    @Override
    public boolean takesPart(Facts facts) {
      return facts.looksAtRows();
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.read(this);
    }
  }

  /** INSERT, REPLACE, UPDATE, DELETE; {@link DmlShape} has its structure. */
  record Dml(DmlShape shape) implements StatementClass {
    @Override
    public boolean takesPart(Facts facts) {
      return facts.looksAtRows();
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.dml(this);
    }
  }

  /**
   * CREATE, ALTER, DROP, RENAME, TRUNCATE and their like; commits by itself. {@link
   * DefinitionEffects#of} says what it touches.
   *
   * @param verb such as {@code CREATE TABLE}
   */
  record Definition(String verb, Optional<DefinerClause> definer) implements StatementClass {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.definition(this);
    }
  }

  /** Accounts, roles and grants, on every node alike. */
  record AccountChange(String verb) implements StatementClass {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.accountChange(this);
    }
  }

  /** SET, taken apart. */
  record SessionSetting(List<Assignment> assignments) implements StatementClass {
    public SessionSetting {
      assignments = List.copyOf(assignments);
    }

    /** Whether a session variable of this lower case name is assigned. */
    public boolean assigns(String name) {
      return assignments.stream().anyMatch(assignment -> assignment.isSession(name));
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.sessionSetting(this);
    }
  }

  /** SET STATEMENT … FOR a statement that is no read, {@code inner}. */
  record ScopedSetting(List<Assignment> assignments, Bytes inner) implements StatementClass {
    public ScopedSetting {
      assignments = List.copyOf(assignments);
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.scopedSetting(this);
    }
  }

  /** USE. */
  record UseSchema(String schema) implements StatementClass {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.useSchema(this);
    }
  }

  /** The limits of a transaction. */
  record TransactionControl(Verb verb, Optional<String> savepoint) implements StatementClass {
    /** Which limit. */
    public enum Verb {
      BEGIN,
      BEGIN_READ_ONLY,
      COMMIT,
      ROLLBACK,
      SAVEPOINT,
      ROLLBACK_TO,
      RELEASE,
      XA
    }

    @Override
    public boolean takesPart(Facts facts) {
      return verb == Verb.SAVEPOINT;
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.transactionControl(this);
    }
  }

  /**
   * A statement given as text.
   *
   * @param literal the content, where it is one string
   * @param expression as written
   */
  record Text(Optional<Bytes> literal, Bytes expression) {
    static final Text NONE = new Text(Optional.empty(), Bytes.EMPTY);
  }

  /** PREPARE name FROM text. */
  record TextPrepare(String name, Text text) implements StatementClass {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.textPrepare(this);
    }
  }

  /**
   * EXECUTE name, or EXECUTE IMMEDIATE.
   *
   * @param name empty for IMMEDIATE
   * @param text what is given to IMMEDIATE
   * @param arguments the text of each argument of USING
   */
  record TextExecute(Optional<String> name, Text text, List<Bytes> arguments)
      implements StatementClass {
    public TextExecute {
      arguments = List.copyOf(arguments);
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.textExecute(this);
    }
  }

  /** DEALLOCATE PREPARE or DROP PREPARE. */
  record TextDeallocate(String name) implements StatementClass {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.textDeallocate(this);
    }
  }

  /**
   * LOCK TABLES, UNLOCK TABLES and FLUSH TABLES … WITH READ LOCK.
   *
   * @param tables none for UNLOCK, and for FLUSH without tables
   * @param seconds how long to wait, where the statement says it
   */
  record Locking(boolean unlock, boolean flush, List<LockWanted> tables, OptionalInt seconds)
      implements StatementClass {
    public Locking {
      tables = List.copyOf(tables);
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.locking(this);
    }
  }

  /** CREATE, ALTER or DROP TEMPORARY TABLE. */
  record TemporaryTable(String verb, List<TableRef> tables) implements StatementClass {
    public TemporaryTable {
      tables = List.copyOf(tables);
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.temporaryTable(this);
    }
  }

  /** ANALYZE, OPTIMIZE, REPAIR, FLUSH, RESET QUERY CACHE: of one node, answers a result or OK. */
  record Maintenance(String verb, List<TableRef> tables) implements StatementClass {
    public Maintenance {
      tables = List.copyOf(tables);
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.maintenance(this);
    }
  }

  /** KILL. */
  record Kill(boolean queryOnly, TextRange target) implements StatementClass {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.kill(this);
    }
  }

  /**
   * CALL, a compound statement outside of a stored program, ANALYZE of a write: what it does only
   * its execution knows.
   */
  record Call() implements StatementClass {
    @Override
    public boolean takesPart(Facts facts) {
      return true;
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.call(this);
    }
  }

  /** LOAD DATA LOCAL, LOAD XML LOCAL: the rows are in a file that the client has. */
  record Load(Bytes file, TableRef target) implements StatementClass {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.load(this);
    }
  }

  /** What Lockstep does not do. */
  record Refused(int code, String sqlState, String reason) implements StatementClass {
    /** What looks like several statements; where a stored program ends only the server knows. */
    public static final Refused SEVERAL =
        new Refused(
            1064,
            "42000",
            "You have an error in your SQL syntax; several statements where one is due");

    /** ER_NOT_SUPPORTED_YET. */
    public static Refused notSupported(String reason) {
      return new Refused(1235, "42000", reason);
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.refused(this);
    }
  }

  /** Nothing but white space and comments; the server answers 1065 to it. */
  record Empty() implements StatementClass {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.empty(this);
    }
  }
}
