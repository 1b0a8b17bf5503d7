package io.lockstep.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The tables that a statement names, each time it does, under the names by which it uses them: what
 * LOCK TABLES goes by.
 */
public final class UsedTables {
  /** What may stand behind a table that has no alias. */
  private static final String[] NO_ALIAS = {
    "WHERE", "SET", "JOIN", "INNER", "LEFT", "RIGHT", "CROSS", "NATURAL", "STRAIGHT_JOIN", "ON",
    "USING", "ORDER", "GROUP", "HAVING", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "MINUS", "FOR",
    "LOCK", "USE", "FORCE", "IGNORE", "WINDOW", "PROCEDURE", "INTO", "VALUES", "VALUE", "SELECT",
    "RETURNING", "OFFSET", "FETCH", "PARTITION", "WITH"
  };

  /** A table where it is named. */
  public record Use(TableRef table, String alias) {
    public boolean written() {
      return table.written();
    }
  }

  private final Tokens tokens;
  private final List<Use> uses = new ArrayList<>();

  private UsedTables(Tokens tokens) {
    this.tokens = tokens;
  }

  /** In the order of the text. What a statement shows of a table is no use of it. */
  public static List<Use> of(Statement statement) {
    UsedTables reader = new UsedTables(statement.tokens());
    if (statement.type() instanceof StatementClass.Dml dml) {
      reader.dml(dml.shape());
    } else if (statement.type() instanceof StatementClass.Load load) {
      TableRef target = load.target();
      reader.uses.add(new Use(target, target.name()));
    } else if (reader.tokens.is(0, "SHOW") && reader.tokens.is(2, "TABLE")) {
      reader.add(List.of(3), Set.of());
    } else if (!statement.tokens().isAny(0, "SHOW", "DESC", "DESCRIBE", "HELP")) {
      reader.add(FactsReader.at(reader.tokens, 0, reader.tokens.count()), Set.of());
    }
    return List.copyOf(reader.uses);
  }

  private void dml(DmlShape shape) {
    switch (shape.verb()) {
      case INSERT, REPLACE -> insert();
      case UPDATE -> update(shape);
      case DELETE -> delete(shape);
    }
  }

  private void insert() {
    int target = 1;
    while (tokens.isAny(target, "LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "INTO")) {
      target++;
    }
    NameList.table(tokens, target, true).ifPresent(table -> uses.add(new Use(table, table.name())));
    add(FactsReader.at(tokens, NameList.after(tokens, target), tokens.count()), Set.of());
  }

  private void update(DmlShape shape) {
    int set = shape.assignments().map(range -> range.from() - 1).orElse(tokens.count());
    List<Integer> joined = FactsReader.listAt(tokens, 1, set);
    add(joined, shape.multiTable() ? assigned(shape) : all(joined));
    add(FactsReader.at(tokens, set, tokens.count()), Set.of());
  }

  /** The tables whose columns a join says to change, in lower case. */
  private Set<String> assigned(DmlShape shape) {
    Set<String> names = new HashSet<>();
    int from = shape.assignments().map(DmlShape.TokenRange::from).orElse(0);
    int to = shape.assignments().map(DmlShape.TokenRange::to).orElse(0);
    for (int i = from; i < to; i++) {
      if (tokens.isSymbol(i, '(')) {
        i = tokens.closing(i);
      } else if (tokens.isSymbol(i, '=') && tokens.isSymbol(i - 2, '.') && tokens.isName(i - 3)) {
        names.add(lower(tokens.name(i - 3)));
      }
    }
    return names;
  }

  private void delete(DmlShape shape) {
    int from = first(1, "FROM");
    int using = first(from, "USING");
    // Behind the names of tables there may be joins with a USING of their own.
    boolean listed = shape.multiTable() && from == modified() && using < tokens.count();
    int tables = listed ? using : from;
    List<Integer> joined = FactsReader.at(tokens, tables, tokens.count());
    if (listed) {
      joined = FactsReader.listAt(tokens, using + 1, tokens.count());
    }
    add(joined, shape.multiTable() ? named(listed ? from + 1 : 1, tables) : all(joined));
  }

  /** Behind DELETE and what says how. */
  private int modified() {
    int i = 1;
    while (tokens.isAny(i, "LOW_PRIORITY", "QUICK", "IGNORE", "HISTORY")) {
      i++;
    }
    return i;
  }

  private int first(int start, String word) {
    for (int i = start; i < tokens.count(); i++) {
      if (tokens.isSymbol(i, '(')) {
        i = tokens.closing(i);
      } else if (tokens.is(i, word)) {
        return i;
      }
    }
    return tokens.count();
  }

  private Set<String> named(int start, int end) {
    Set<String> names = new HashSet<>();
    for (int i = start; i < end; i++) {
      if (tokens.isName(i) && !tokens.isSymbol(i + 1, '.')) {
        names.add(lower(tokens.name(i)));
      }
    }
    return names;
  }

  /** Of a single table: its name and alias. */
  private Set<String> all(List<Integer> places) {
    Set<String> names = new HashSet<>();
    places.stream().limit(1).forEach(at -> names.add(lower(alias(at))));
    return names;
  }

  private void add(List<Integer> places, Set<String> written) {
    for (int at : places) {
      String alias = alias(at);
      NameList.table(tokens, at, written.contains(lower(alias)))
          .ifPresent(table -> uses.add(new Use(table, alias)));
    }
  }

  private String alias(int at) {
    int next = NameList.after(tokens, at);
    if (tokens.is(next, "PARTITION") && tokens.isSymbol(next + 1, '(')) {
      next = tokens.closing(next + 1) + 1;
    }
    if (tokens.is(next, "AS") && tokens.isName(next + 1)) {
      return tokens.name(next + 1);
    }
    boolean follows = tokens.isName(next) && !tokens.isAny(next, NO_ALIAS);
    Optional<TableRef> table = NameList.table(tokens, at, false);
    return follows ? tokens.name(next) : table.map(TableRef::name).orElse("");
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
