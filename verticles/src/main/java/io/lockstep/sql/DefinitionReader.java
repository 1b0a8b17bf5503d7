package io.lockstep.sql;

import io.lockstep.sql.StatementClass.AccountChange;
import io.lockstep.sql.StatementClass.Definition;
import io.lockstep.sql.StatementClass.Refused;
import io.lockstep.sql.StatementClass.TemporaryTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads CREATE, ALTER, DROP, RENAME and TRUNCATE: what kind of object, which names. */
final class DefinitionReader {
  private final Tokens tokens;

  DefinitionReader(Tokens tokens) {
    this.tokens = tokens;
  }

  /** Where the kind of object stands, behind OR REPLACE, DEFINER and the like. */
  int kindAt() {
    int i = 1;
    while (i < tokens.count()) {
      if (tokens.is(i, "DEFINER") && tokens.isSymbol(i + 1, '=')) {
        i = Definers.endOfAccount(tokens, i + 2);
      } else if (tokens.isAny(i, "ALGORITHM")) {
        i += 3;
      } else if (tokens.is(i, "SQL") && tokens.is(i + 1, "SECURITY")) {
        i += 3;
      } else if (tokens.isAny(
          i,
          "OR",
          "REPLACE",
          "ONLINE",
          "OFFLINE",
          "UNIQUE",
          "FULLTEXT",
          "SPATIAL",
          "AGGREGATE",
          "TEMPORARY",
          "IGNORE")) {
        i++;
      } else {
        return i;
      }
    }
    return i;
  }

  /** Nothing when it is none of the known statements. */
  Optional<StatementClass> classify() {
    String verb = tokens.upper(0);
    int kind = kindAt();
    String object = verb.equals("TRUNCATE") ? "TABLE" : tokens.upper(kind);
    boolean temporary = tokens.is(1, "TEMPORARY") || tokens.is(3, "TEMPORARY");
    return switch (object) {
      case "TABLE", "TABLES" ->
          Optional.of(temporary ? temporaryTable(verb, kind) : definition(verb + " TABLE"));
      case "VIEW", "TRIGGER", "PROCEDURE", "FUNCTION", "PACKAGE", "EVENT" ->
          program(verb, object, kind);
      case "DATABASE", "SCHEMA" -> Optional.of(definition(verb + " DATABASE"));
      case "INDEX" -> Optional.of(definition(verb + " INDEX"));
      case "USER", "ROLE" -> Optional.of(new AccountChange(verb + " " + object));
      case "SEQUENCE" ->
          temporary ? refused("TEMPORARY SEQUENCE") : Optional.of(definition(verb + " SEQUENCE"));
      case "SERVER", "TABLESPACE", "LOGFILE" -> refused(verb + " " + object);
      case "INSTANCE" -> refused("ALTER INSTANCE");
      default -> Optional.empty();
    };
  }

  private static Optional<StatementClass> refused(String what) {
    return Optional.of(Refused.notSupported(what));
  }

  private StatementClass definition(String verb) {
    return new Definition(verb, Optional.empty());
  }

  private Optional<StatementClass> program(String verb, String object, int kind) {
    if (verb.equals("CREATE") && object.equals("FUNCTION") && isLoadable(kind)) {
      return refused("CREATE FUNCTION … SONAME");
    }
    // An event and a view that are altered belong to whoever alters them.
    boolean redefines = object.equals("VIEW") || object.equals("EVENT");
    boolean defines = verb.equals("CREATE") || (verb.equals("ALTER") && redefines);
    Optional<DefinerClause> definer =
        defines ? Optional.of(Definers.clause(tokens, kind)) : Optional.empty();
    return Optional.of(new Definition(verb + " " + object, definer));
  }

  private boolean isLoadable(int kind) {
    for (int i = kind; i < Math.min(tokens.count(), kind + 10); i++) {
      if (tokens.is(i, "SONAME")) {
        return true;
      }
    }
    return false;
  }

  private StatementClass temporaryTable(String verb, int kind) {
    int name = afterExists(kind + 1);
    List<TableRef> tables =
        verb.equals("DROP")
            ? NameList.tables(tokens, name, true)
            : NameList.table(tokens, name, true).map(List::of).orElse(List.of());
    return new TemporaryTable(verb, tables);
  }

  /** Behind IF [NOT] EXISTS. */
  int afterExists(int i) {
    if (!tokens.is(i, "IF")) {
      return i;
    }
    return tokens.is(i + 1, "NOT") ? i + 3 : i + 2;
  }

  DefinitionEffects effects(String defaultSchema) {
    if (tokens.count() < 2) {
      return DefinitionEffects.NONE;
    }
    return new EffectsReader(tokens, defaultSchema, this).read();
  }

  /** The names of a list that ends at anything but a comma. */
  List<Integer> nameList(int start) {
    List<Integer> names = new ArrayList<>();
    int i = start;
    while (tokens.isName(i)) {
      names.add(i);
      i = NameList.after(tokens, i);
      if (!tokens.isSymbol(i, ',')) {
        break;
      }
      i++;
    }
    return names;
  }

  static DefinedObject.Type typeOf(String object) {
    return switch (object) {
      case "DATABASE", "SCHEMA" -> DefinedObject.Type.SCHEMA;
      case "VIEW" -> DefinedObject.Type.VIEW;
      case "TRIGGER" -> DefinedObject.Type.TRIGGER;
      case "PROCEDURE" -> DefinedObject.Type.PROCEDURE;
      case "FUNCTION" -> DefinedObject.Type.FUNCTION;
      case "PACKAGE" -> DefinedObject.Type.PACKAGE;
      case "EVENT" -> DefinedObject.Type.EVENT;
      case "SEQUENCE" -> DefinedObject.Type.SEQUENCE;
      case "INDEX" -> DefinedObject.Type.INDEX;
      case "SERVER" -> DefinedObject.Type.SERVER;
      default -> DefinedObject.Type.TABLE;
    };
  }
}
