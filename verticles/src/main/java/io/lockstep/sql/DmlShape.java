package io.lockstep.sql;

import java.util.List;
import java.util.Optional;

/**
 * The structure of an INSERT, REPLACE, UPDATE or DELETE. Token indexes refer to the statement's
 * {@link Tokens}.
 *
 * @param targets the tables written, as far as the text tells (in a multi-table UPDATE all of them)
 * @param columns the column list of an INSERT, or the columns assigned by SET; as written
 * @param rows where the rows of VALUES or SET stand; absent for INSERT … SELECT, UPDATE, DELETE
 * @param select whether rows come from a query
 * @param multiTable UPDATE or DELETE over a join
 * @param severalTargets DELETE from more than one table
 * @param assignments the token range of SET's or ON DUPLICATE KEY UPDATE's assignments
 * @param where the token range of the condition
 * @param orderBy the token range of the order's terms
 */
public record DmlShape(
    Verb verb,
    List<TableRef> targets,
    boolean ignore,
    List<String> columns,
    Optional<TokenRange> rows,
    boolean select,
    boolean onDuplicateKey,
    boolean returning,
    boolean multiTable,
    boolean severalTargets,
    boolean limit,
    Optional<TokenRange> assignments,
    Optional<TokenRange> where,
    Optional<TokenRange> orderBy) {
  /** Which statement. */
  public enum Verb {
    INSERT,
    REPLACE,
    UPDATE,
    DELETE
  }

  /** Tokens from {@code from} to before {@code to}. */
  public record TokenRange(int from, int to) {}

  public DmlShape {
    targets = List.copyOf(targets);
    columns = List.copyOf(columns);
  }

  public boolean inserts() {
    return verb == Verb.INSERT || verb == Verb.REPLACE;
  }
}
