package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.sql.Dialect;
import io.lockstep.sql.SqlLexer;
import io.lockstep.sql.TokenKind;
import io.lockstep.sql.Tokens;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which rows the statements of a transaction lock, guessed from their texts: a row is a hash of a
 * table's name and of a value that stands behind WHERE, or anywhere where there is none. Two
 * statements on one row mostly name it alike. Nothing may rest on it. The texts are read only if
 * somebody asks. Lives on its session's context.
 */
final class GuessedRows {
  /** A statement with more values is about no row in particular. */
  static final int VALUES_MAX = 32;

  /** A longer statement is not read, in bytes. */
  static final int SQL_MAX = 4_096;

  /** A transaction of more statements is not worth to be read. */
  static final int STATEMENTS_MAX = 64;

  private record Locking(Step.Statement step, Set<TableName> tables) {}

  private final List<Locking> unread = new ArrayList<>();
  private final Set<Integer> rows = new HashSet<>();
  private Optional<Locking> tried = Optional.empty();
  private Set<Integer> triedRows = Set.of();
  private boolean trying;
  private int statements;

  /** A statement has locked. */
  void add(Step.Statement step, Set<TableName> tables) {
    statements++;
    if (statements <= STATEMENTS_MAX) {
      unread.add(new Locking(step, tables));
    }
  }

  /** A statement is about to lock; empty for none. */
  void trying(Optional<Step.Statement> step, Set<TableName> tables) {
    tried = step.map(one -> new Locking(one, tables));
    triedRows = Set.of();
    trying = step.isPresent();
  }

  /** Whether a statement is about to lock, where it or one before it may need one of these rows. */
  boolean isAfter(Collection<Integer> others) {
    return trying && !Collections.disjoint(rows(), others);
  }

  /** Of all statements, that one too. */
  Set<Integer> rows() {
    unread.forEach(one -> rows.addAll(of(one)));
    unread.clear();
    tried.ifPresent(one -> triedRows = of(one));
    tried = Optional.empty();
    Set<Integer> all = new HashSet<>(rows);
    all.addAll(triedRows);
    return all;
  }

  void clear() {
    unread.clear();
    rows.clear();
    tried = Optional.empty();
    triedRows = Set.of();
    trying = false;
    statements = 0;
  }

  private static Set<Integer> of(Locking one) {
    Bytes sql = one.step().sql();
    Set<Integer> values =
        sql.length() <= SQL_MAX ? values(SqlLexer.read(sql, Dialect.DEFAULT)) : Set.of();
    Set<Integer> rows = new HashSet<>();
    for (TableName table : one.tables()) {
      // Of a string, whose hash is the same on every node, whatever its Java.
      int name = table.toString().hashCode();
      values.forEach(value -> rows.add(31 * name + value));
    }
    return rows;
  }

  private static Set<Integer> values(Tokens tokens) {
    Set<Integer> values = new HashSet<>();
    for (int i = behindWhere(tokens); i < tokens.count(); i++) {
      if (tokens.kind(i).isLiteral()) {
        values.add(value(tokens, i));
      }
    }
    return values.size() <= VALUES_MAX ? values : Set.of();
  }

  private static int behindWhere(Tokens tokens) {
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.is(i, "WHERE")) {
        return i;
      }
    }
    return 0;
  }

  /** A number in quotes is the same row. */
  private static int value(Tokens tokens, int index) {
    int quote = tokens.kind(index) == TokenKind.STRING ? 1 : 0;
    return tokens.slice(tokens.start(index) + quote, tokens.end(index) - quote).hashCode();
  }
}
