package io.lockstep.sql;

import io.lockstep.sql.FactsRules.Place;

/** The rules on a trigger that a write fires. */
final class TriggerRules {
  private final TableDefinition.Trigger trigger;
  private final TableDefinition table;
  private final Definitions definitions;
  private final Judgement judgement;

  TriggerRules(
      TableDefinition.Trigger trigger,
      TableDefinition table,
      Definitions definitions,
      Judgement judgement) {
    this.trigger = trigger;
    this.table = table;
    this.definitions = definitions;
    this.judgement = judgement;
  }

  /** {@code anyOrder}: the rows that fire it may come in another order on another node. */
  void check(boolean anyOrder) {
    ProgramBody.Content body = ProgramBody.read(trigger);
    Judgement own = judgement;
    own.rowsIf(body.calls(), "the trigger " + trigger.name() + " calls other programs");
    // On every node it would look as if the server itself could not go on.
    own.rowsIf(
        body.feigns(), "the trigger " + trigger.name() + " raises errors of the server's own");
    FactsRules.check(body.facts(), Place.TRIGGER, own);
    own.rowsIf(
        body.facts().limit() || body.facts().choosesRows(),
        "the trigger " + trigger.name() + " chooses rows");
    own.rowsIf(
        body.facts().calls(FunctionKind.ORDERED_AGGREGATE),
        "the trigger " + trigger.name() + " combines rows");
    own.rowsIf(
        anyOrder && body.facts().calls(FunctionKind.RAND),
        "RAND() in the trigger " + trigger.name());
    for (TableRef ref : body.facts().tables()) {
      own.rowsIf(
          ref.in(table.name().schema()).filter(SystemSchemas::holds).isPresent(),
          "the trigger " + trigger.name() + " reads what differs between nodes");
    }
    for (Statement write : body.writes()) {
      write(write, anyOrder);
    }
  }

  private void write(Statement write, boolean anyOrder) {
    if (judgement.objected()) {
      return;
    }
    DmlShape shape = ((StatementClass.Dml) write.type()).shape();
    boolean commutes =
        shape.verb() == DmlShape.Verb.INSERT && !shape.ignore() && !shape.onDuplicateKey();
    judgement.rowsIf(
        anyOrder && !commutes,
        "the trigger " + trigger.name() + " changes rows in the order in which it is fired");
    if (!judgement.objected()) {
      new DmlRules(write, shape, table.name().schema(), definitions, judgement, Place.TRIGGER)
          .check();
    }
  }
}
