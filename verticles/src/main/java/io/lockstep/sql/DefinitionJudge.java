package io.lockstep.sql;

import io.lockstep.model.TableName;
import io.lockstep.sql.Verdict.Need;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judges one definition. Most change nothing but definitions and are the same everywhere; those
 * that give existing rows new values are looked at.
 */
record DefinitionJudge(
    Catalogue catalogue,
    Statement statement,
    StatementClass.Definition definition,
    SessionFacts session) {
  Future<Verdict> judge() {
    Judgement judgement = new Judgement();
    DefinitionEffects effects =
        DefinitionEffects.of(statement.sql(), session.schema(), statement.dialect());
    if (effects.objects().isEmpty()) {
      judgement.refuse("a form of " + definition.verb() + " that is not understood");
    }
    for (DefinedObject object : effects.objects()) {
      String owner = object.type() == DefinedObject.Type.SCHEMA ? object.name() : object.schema();
      boolean alone = effects.objects().size() == 1;
      if (SystemSchemas.contains(owner) && !(alone && (fills(object) || finds(object)))) {
        judgement.refuse("the schema " + owner + " is not changed through the order");
      }
      if (object.type() == DefinedObject.Type.PROCEDURE
          && OwnProcedures.isOneNamed(object.name())) {
        judgement.refuse("procedures with the names that its own have");
      }
    }
    switch (definition.verb()) {
      case "CREATE TABLE" -> createTable(judgement);
      // The server keeps when it was done.
      case "CREATE PROCEDURE",
          "CREATE FUNCTION",
          "CREATE TRIGGER",
          "ALTER PROCEDURE",
          "ALTER FUNCTION" ->
          judgement.need(Need.TIME);
      case "CREATE EVENT", "ALTER EVENT" -> schedule(judgement);
      case "ALTER TABLE" -> {
        return alterTable(judgement, effects);
      }
      default -> {}
    }
    return Future.succeededFuture(judgement.verdict(statement.sql(), Optional.empty()));
  }

  /** The server answers that it is there. */
  private boolean finds(DefinedObject schema) {
    return schema.type() == DefinedObject.Type.SCHEMA
        && definition.verb().equals("CREATE DATABASE")
        && !statement.tokens().is(1, "OR")
        && !SystemSchemas.isOwn(schema.name());
  }

  /** As loading the time zones does: empty, and sort anew, where the tables are. */
  private boolean fills(DefinedObject object) {
    return object.type() == DefinedObject.Type.TABLE
        && !SystemSchemas.holds(new TableName(object.schema(), object.name()))
        && (definition.verb().equals("TRUNCATE TABLE") || definition.verb().equals("ALTER TABLE"));
  }

  /** A schedule begins now where it does not say when; its body is not executed here. */
  private void schedule(Judgement judgement) {
    Tokens tokens = statement.tokens();
    judgement.need(Need.TIME);
    int from = ScheduleClause.start(tokens);
    Facts facts = FactsReader.read(tokens, from, ScheduleClause.end(tokens, from));
    judgement.userVariables(facts.userVariablesRead());
    for (Facts.Call call : facts.calls()) {
      switch (call.kind()) {
        case TIME -> {}
        case RAND -> judgement.need(Need.RAND);
        default -> judgement.refuse("an event's schedule with " + call.name() + "()");
      }
    }
    if (!facts.tables().isEmpty() || facts.assignsUserVariables()) {
      judgement.refuse("an event's schedule that reads tables or assigns variables");
    }
    if (!facts.systemVariables().isEmpty()) {
      judgement.refuse("an event's schedule with system variables");
    }
  }

  private void createTable(Judgement judgement) {
    Tokens tokens = statement.tokens();
    for (int i = 2; i < tokens.count(); i++) {
      if (tokens.is(i, "SELECT") || (tokens.is(i, "VALUES") && tokens.isSymbol(i + 1, '('))) {
        boolean partition = tokens.isAny(i + 1, "IN", "LESS");
        judgement.rowsIf(!partition, "CREATE TABLE … SELECT");
      }
    }
    options(judgement);
  }

  /** What nodes would share on one machine, or do each by itself. */
  private void options(Judgement judgement) {
    Tokens tokens = statement.tokens();
    for (int i = 0; i < tokens.count(); i++) {
      boolean byTime = i > 0 && tokens.is(i, "SYSTEM_TIME") && tokens.is(i - 1, "BY");
      if (byTime && (mentions("LIMIT") || mentions("AUTO"))) {
        judgement.refuse(
            "partitions of history by LIMIT or AUTO, which each server makes when it sees fit;"
                + " use INTERVAL");
      }
      if (tokens.is(i, "DIRECTORY") && tokens.isAny(i - 1, "DATA", "INDEX")) {
        judgement.refuse("tables in directories of their own");
      }
      boolean option = tokens.is(i, "SEQUENCE") && tokens.isSymbol(i + 1, '=');
      if (option && i + 2 < tokens.count() && tokens.kind(i + 2) == TokenKind.INTEGER) {
        judgement.refuse("the table option SEQUENCE; CREATE SEQUENCE makes one");
      }
    }
  }

  private Future<Verdict> alterTable(Judgement judgement, DefinitionEffects effects) {
    Tokens tokens = statement.tokens();
    options(judgement);
    if (tokens.is(1, "IGNORE") || tokens.is(2, "IGNORE")) {
      judgement.refuse("ALTER IGNORE TABLE, which keeps one of several rows");
    }
    if (mentions("TABLESPACE")) {
      judgement.refuse("DISCARD and IMPORT TABLESPACE, which use one node's files");
    }
    if (mentions("VERSIONING")) {
      // The history of the rows that are there begins now.
      judgement.need(Need.TIME);
    }
    values(judgement);
    Set<TableName> names =
        effects.objects().stream()
            .limit(1)
            .filter(object -> !object.schema().isEmpty())
            .map(object -> new TableName(object.schema(), object.name()))
            .collect(Collectors.toSet());
    if (judgement.objected()
        || names.isEmpty()
        || new RowFilling(statement).differing(false).isEmpty()) {
      return Future.succeededFuture(judgement.verdict(statement.sql(), Optional.empty()));
    }
    return catalogue
        .table(names.iterator().next(), session.definitions())
        .map(
            table -> {
              // Rows are looked at in its place in the order; those of the past are not.
              table
                  .filter(found -> found.kind() == TableDefinition.Kind.VERSIONED)
                  .flatMap(
                      found -> new RowFilling(statement).differing(!found.primaryKey().isEmpty()))
                  .ifPresent(judgement::refuse);
              return judgement.verdict(statement.sql(), Optional.empty());
            });
  }

  private boolean mentions(String word) {
    Tokens tokens = statement.tokens();
    for (int i = 0; i < tokens.count(); i++) {
      if (tokens.is(i, word)) {
        return true;
      }
    }
    return false;
  }

  /** Functions in the text may give existing rows their values. */
  private void values(Judgement judgement) {
    Facts facts = FactsReader.read(statement.tokens(), 0, statement.tokens().count());
    for (Facts.Call call : facts.calls()) {
      switch (call.kind()) {
        case TIME -> judgement.need(Need.TIME);
        case SEQUENCE ->
            judgement.refuse("ALTER TABLE with " + call.name() + "() for existing rows");
        default -> {}
      }
    }
    // A new TIMESTAMP or ON UPDATE column may take the statement's time without saying so; a TIME
    // that becomes a date takes its day.
    if (mentions("TIMESTAMP") || mentions("DATETIME") || mentions("DATE")) {
      judgement.need(Need.TIME);
    }
  }
}
