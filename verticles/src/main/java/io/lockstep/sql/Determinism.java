package io.lockstep.sql;

import io.lockstep.sql.StatementClass.Definition;
import io.lockstep.sql.StatementClass.Dml;
import io.vertx.core.Future;
import java.util.random.RandomGenerator;

/**
 * Decides in what form a write may enter the order. It knows rules under which a statement has the
 * same effect on every node that runs it at the same place of the order, and answers {@link
 * Verdict.NeedsRows} for everything that no rule covers.
 *
 * <p>Not bound to a thread; the futures complete where the catalogue's do.
 */
public final class Determinism {
  private final Catalogue catalogue;
  private final RandomGenerator random;

  /**
   * @param random where the values of {@code UUID()} come from
   */
  public Determinism(Catalogue catalogue, RandomGenerator random) {
    this.catalogue = catalogue;
    this.random = random;
  }

  /** The verdict on an INSERT, REPLACE, UPDATE or DELETE. */
  public Future<Verdict> dml(Statement statement, Dml dml, SessionFacts session) {
    return new DmlJudge(catalogue, random, statement, dml.shape(), session).judge();
  }

  /** The verdict on a definition. */
  public Future<Verdict> definition(
      Statement statement, Definition definition, SessionFacts session) {
    return new DefinitionJudge(catalogue, statement, definition, session).judge();
  }
}
