package io.lockstep.sql;

import io.lockstep.model.TableName;
import io.lockstep.sql.DmlShape.TokenRange;
import io.lockstep.sql.DmlShape.Verb;
import io.lockstep.sql.FactsRules.Place;
import io.lockstep.sql.Verdict.Need;
import java.util.List;
import java.util.Optional;

/**
 * The rules on one INSERT, REPLACE, UPDATE or DELETE, the client's own or one inside a trigger.
 *
 * <p>All nodes run the same statements one after another on the same rows. What may differ is the
 * order in which InnoDB visits them, since indexes are chosen by each server's own statistics. So a
 * statement that treats every row by itself is safe; one whose effect depends on the order of its
 * rows is safe only when that order is fixed. Checks of several unique keys happen in the order of
 * their definition, which is ordered as well; so ON DUPLICATE KEY UPDATE, IGNORE and REPLACE are
 * safe for rows that the text lists.
 */
final class DmlRules {
  private final Statement statement;
  private final DmlShape shape;
  private final String schema;
  private final Definitions definitions;
  private final Judgement judgement;
  private final Place place;

  DmlRules(
      Statement statement,
      DmlShape shape,
      String schema,
      Definitions definitions,
      Judgement judgement,
      Place place) {
    this.statement = statement;
    this.shape = shape;
    this.schema = schema;
    this.definitions = definitions;
    this.judgement = judgement;
    this.place = place;
  }

  void check() {
    if (statement.unparsed()) {
      judgement.rows("a form of " + shape.verb() + " that is not understood");
      return;
    }
    for (TableRef ref : statement.facts().tables()) {
      reference(ref);
    }
    if (TimesOfDay.mayStandIn(statement.tokens())) {
      judgement.need(Need.TIME);
    }
    FactsRules.check(statement.facts(), place, judgement);
    subqueries();
    if (shape.inserts()) {
      insert();
    } else if (shape.multiTable()) {
      multiTable();
    } else {
      target().ifPresent(this::singleTable);
    }
  }

  private Optional<TableDefinition> find(TableRef ref) {
    return ref.in(schema).flatMap(definitions::table);
  }

  /** The one table written; nothing where it does not exist, which the server then reports. */
  Optional<TableDefinition> target() {
    return shape.targets().stream().findFirst().flatMap(this::find);
  }

  private void reference(TableRef ref) {
    if (ref.in(schema).filter(SystemSchemas::holds).isPresent()) {
      String owner = ref.in(schema).map(TableName::schema).orElse("");
      if (ref.written()) {
        judgement.refuse("the schema " + owner + " is not written through the order");
      } else {
        judgement.rows("it reads " + owner + ", which differs between nodes");
      }
    }
    find(ref).ifPresent(table -> referenced(table, ref.written()));
  }

  private void referenced(TableDefinition table, boolean written) {
    switch (table.kind()) {
      case SEQUENCE -> judgement.refuse("it uses the sequence " + table.name());
      case VIEW -> {
        judgement.rowsIf(written, "it writes through the view " + table.name());
        view(table, written);
      }
      case TABLE, VERSIONED -> {
        if (TimesOfDay.are(table) || (written && mayKeepHistory(table))) {
          judgement.need(Need.TIME);
        }
        if (written && !table.isInnoDb()) {
          judgement.refuse(
              "the table "
                  + table.name()
                  + " uses the engine "
                  + table.engine()
                  + ", which cannot take part in transactions");
        }
      }
    }
  }

  /** A row of it, or one that its foreign keys change, may have the time of its last change. */
  private static boolean mayKeepHistory(TableDefinition table) {
    return table.kind() == TableDefinition.Kind.VERSIONED
        || table.relatives().stream().anyMatch(TableDefinition.Relative::written);
  }

  private void view(TableDefinition view, boolean written) {
    Facts facts = Definitions.view(view.viewDefinition().orElse(""));
    FactsRules.check(facts, Place.DEFINITION, judgement);
    judgement.rowsIf(
        facts.limit() || facts.choosesRows() || facts.calls(FunctionKind.ORDERED_AGGREGATE),
        "the view " + view.name() + " chooses or combines rows");
    for (TableRef ref : facts.tables()) {
      Optional<TableName> name = ref.in(view.name().schema());
      boolean system = name.filter(SystemSchemas::holds).isPresent();
      judgement.rowsIf(system, "the view " + view.name() + " reads what differs between nodes");
      if (system && written) {
        judgement.refuse("the view " + view.name() + " is one of the system's tables");
      }
      name.flatMap(definitions::table)
          .filter(inner -> !inner.equals(view))
          .ifPresent(inner -> referenced(inner, written));
    }
  }

  /** Queries inside a write may use every row of their tables, but not choose among them. */
  private void subqueries() {
    Facts facts = statement.facts();
    Tokens tokens = statement.tokens();
    for (int i = 1; i < tokens.count(); i++) {
      judgement.rowsIf(
          tokens.isAny(i, "SKIP", "NOWAIT") && tokens.isAny(i - 1, "UPDATE", "MODE", "SHARE"),
          "SKIP LOCKED or NOWAIT inside a write, which asks for the locks of one node");
    }
    judgement.rowsIf(facts.choosesRows(), "GROUP BY, DISTINCT, UNION or a window inside a write");
    judgement.rowsIf(
        facts.limit() && (!shape.limit() || limitInside()), "LIMIT inside a write's query");
    for (Facts.Call call : facts.calls()) {
      if (call.kind() == FunctionKind.ORDERED_AGGREGATE) {
        judgement.rowsIf(
            !aggregatesExactly(call), call.name() + "() over values whose order matters");
      }
    }
  }

  private boolean limitInside() {
    Tokens tokens = statement.tokens();
    int depth = 0;
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.isSymbol(i, '(')) {
        depth++;
      } else if (tokens.isSymbol(i, ')')) {
        depth--;
      } else if (depth > 0 && tokens.isAny(i, "LIMIT", "FETCH")) {
        return true;
      }
    }
    return false;
  }

  /** SUM, AVG, MIN and MAX of a column of exact numbers do not depend on the order of rows. */
  private boolean aggregatesExactly(Facts.Call call) {
    Tokens tokens = statement.tokens();
    int open = call.firstToken() + 1;
    int close = tokens.closing(open);
    boolean exact = List.of("SUM", "AVG", "MIN", "MAX").contains(call.name());
    int column = close - 1;
    boolean single = column == open + 1 || (column == open + 3 && tokens.isSymbol(open + 2, '.'));
    if (!exact || !single || !tokens.isName(column)) {
      return false;
    }
    List<TableDefinition.Column> candidates =
        statement.facts().tables().stream()
            .flatMap(ref -> find(ref).stream())
            .flatMap(table -> table.column(tokens.name(column)).stream())
            .toList();
    return !candidates.isEmpty()
        && candidates.stream().allMatch(each -> ColumnTypes.isExact(each.type()));
  }

  private void insert() {
    target()
        .ifPresent(
            table -> {
              new DefaultRules(statement, shape, judgement).insert(table);
              judgement.rowsIf(
                  place == Place.TRIGGER && table.autoIncrement().isPresent(),
                  "its trigger draws ids of " + table.name());
              boolean anyOrder = shape.select();
              if (anyOrder) {
                judgement.rowsIf(
                    table.autoIncrement().isPresent(),
                    shape.verb() + " … SELECT draws ids in the order of the query's rows");
              }
              triggers(table, "INSERT", anyOrder);
              if (shape.verb() == Verb.REPLACE) {
                triggers(table, "DELETE", anyOrder);
              }
              if (shape.onDuplicateKey()) {
                triggers(table, "UPDATE", anyOrder);
              }
            });
    if (shape.select()) {
      judgement.rowsIf(
          shape.verb() == Verb.REPLACE || shape.ignore() || shape.onDuplicateKey(),
          "which row of the query comes first decides");
      judgement.rowsIf(
          statement.facts().calls(FunctionKind.RAND), "RAND() over the rows of a query");
    }
    uuids(shape.rows(), !mentions(shape.rows(), "SELECT"));
  }

  private boolean mentions(Optional<TokenRange> range, String word) {
    Tokens tokens = statement.tokens();
    for (int i = range.map(TokenRange::from).orElse(0);
        i < range.map(TokenRange::to).orElse(0);
        i++) {
      if (tokens.is(i, word)) {
        return true;
      }
    }
    return false;
  }

  /** UUID() is safe where it is evaluated once at most: there the gateway writes its value. */
  private void uuids(Optional<TokenRange> once, boolean safe) {
    for (Facts.Call call : statement.facts().calls()) {
      boolean inside =
          once.filter(range -> call.firstToken() >= range.from() && call.firstToken() < range.to())
              .isPresent();
      if (call.kind() == FunctionKind.UUID) {
        judgement.rowsIf(
            !safe || !inside || !call.emptyArguments(), call.name() + "() over several rows");
      }
    }
  }

  private void multiTable() {
    judgement.rowsIf(shape.limit(), "LIMIT over a join");
    judgement.rowsIf(shape.ignore(), "IGNORE over a join");
    judgement.rowsIf(shape.severalTargets(), "DELETE from several tables");
    judgement.rowsIf(statement.facts().calls(FunctionKind.RAND), "RAND() over a join");
    uuids(Optional.empty(), false);
    for (TableRef ref : shape.targets()) {
      find(ref)
          .ifPresent(
              table -> {
                if (shape.assignments().isPresent()) {
                  boolean constant =
                      new Conditions(statement.tokens(), table)
                          .assignsConstants(shape.assignments().get());
                  judgement.rowsIf(!constant, "UPDATE from a join, whose rows may match twice");
                  judgement.rowsIf(
                      assigns(table.autoIncrement(), table), "an AUTO_INCREMENT column in a join");
                  new DefaultRules(statement, shape, judgement).update(table);
                }
                judgement.rowsIf(table.selfReferencing(), "a join over rows that refer to others");
                triggers(table, shape.verb().name(), true);
              });
    }
  }

  private boolean assigns(Optional<TableDefinition.Column> column, TableDefinition table) {
    return column.isPresent()
        && !new Conditions(statement.tokens(), table)
            .assigned(shape.assignments().orElse(new TokenRange(0, 0)), column.get().name())
            .isEmpty();
  }

  private void singleTable(TableDefinition table) {
    Conditions conditions = new Conditions(statement.tokens(), table);
    boolean pinned = shape.where().map(conditions::pins).orElse(false);
    boolean fixed = pinned || shape.orderBy().map(conditions::isTotal).orElse(false);
    judgement.rowsIf(shape.limit() && !fixed, "LIMIT without an order that tells all rows apart");
    judgement.rowsIf(
        shape.ignore() && !fixed, shape.verb() + " IGNORE without an order of its rows");
    judgement.rowsIf(
        statement.facts().calls(FunctionKind.RAND) && !(pinned && onlyAssigns(FunctionKind.RAND)),
        "RAND() over several rows");
    judgement.rowsIf(!fixed && table.selfReferencing(), "rows that refer to rows of their table");
    uuids(shape.assignments(), pinned && !mentions(shape.assignments(), "SELECT"));
    if (shape.assignments().isPresent()) {
      judgement.rowsIf(
          !fixed && conditions.movesKey(shape.assignments().get()),
          "a unique key is moved row by row without an order");
      new DefaultRules(statement, shape, judgement).update(table);
    }
    triggers(table, shape.verb().name(), !fixed);
  }

  private boolean onlyAssigns(FunctionKind kind) {
    TokenRange range = shape.assignments().orElse(new TokenRange(0, 0));
    return statement.facts().calls().stream()
        .filter(call -> call.kind() == kind)
        .allMatch(call -> call.firstToken() >= range.from() && call.firstToken() < range.to());
  }

  private void triggers(TableDefinition table, String event, boolean anyOrder) {
    for (TableDefinition.Trigger trigger : table.triggers()) {
      if (trigger.event().equals(event)) {
        if (TimesOfDay.mayStandIn(trigger)) {
          judgement.need(Need.TIME);
        }
        new TriggerRules(trigger, table, definitions, judgement).check(anyOrder);
      }
    }
  }
}
