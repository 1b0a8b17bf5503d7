package io.lockstep.sql;

import io.vertx.core.Future;
import java.util.random.RandomGenerator;

/** Judges one INSERT, REPLACE, UPDATE or DELETE. */
record DmlJudge(
    Catalogue catalogue,
    RandomGenerator random,
    Statement statement,
    DmlShape shape,
    SessionFacts session) {
  Future<Verdict> judge() {
    return Future.succeededFuture(new Verdict.NeedsRows("not analysed"));
  }
}
