package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.model.IdDraw;
import io.lockstep.model.TableName;
import io.lockstep.sql.FactsRules.Place;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Judges one INSERT, REPLACE, UPDATE or DELETE of a client. */
record DmlJudge(
    Catalogue catalogue,
    RandomGenerator random,
    Statement statement,
    DmlShape shape,
    SessionFacts session) {
  Future<Verdict> judge() {
    Set<TableName> names = new HashSet<>();
    for (TableRef ref : statement.facts().tables()) {
      ref.in(session.schema()).filter(name -> !SystemSchemas.holds(name)).ifPresent(names::add);
    }
    return Definitions.reach(catalogue, names, session.definitions()).map(this::verdict);
  }

  private Verdict verdict(Definitions definitions) {
    Judgement judgement = new Judgement();
    if (!definitions.complete()) {
      return new Verdict.NeedsRows("it reaches more tables than are looked at");
    }
    DmlRules rules =
        new DmlRules(statement, shape, session.schema(), definitions, judgement, Place.TEXT);
    rules.check();
    if (judgement.objected()) {
      return judgement.verdict(statement.sql(), Optional.empty());
    }
    Optional<IdDraw> ids =
        !shape.select() && !shape.multiTable()
            ? rules.target().flatMap(table -> IdDraws.of(statement.tokens(), shape, table))
            : Optional.empty();
    Bytes sql = Rewriter.rewrite(statement, session, random);
    return judgement.verdict(sql, ids);
  }
}
