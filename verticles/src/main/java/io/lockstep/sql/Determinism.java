package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.sql.StatementClass.Definition;
import io.lockstep.sql.StatementClass.Dml;
import io.vertx.core.Future;
import java.util.random.RandomGenerator;

/**
 * Decides in what form a write may enter the order. It knows rules under which a statement has the
 * same effect on every node that runs it at the same place of the order, and answers {@link
 * Verdict.NeedsRows} for everything that no rule covers.
 *
 * <p>Used on one event loop, the catalogue's.
 */
public final class Determinism {
  private final Catalogue catalogue;
  private final RandomGenerator random;
  private final SecondReading secondReading = new SecondReading();

  /**
   * @param random where the values of {@code UUID()} come from
   */
  public Determinism(Catalogue catalogue, RandomGenerator random) {
    this.catalogue = catalogue;
    this.random = random;
  }

  /** The verdict on an INSERT, REPLACE, UPDATE or DELETE. */
  public Future<Verdict> dml(Statement statement, Dml dml, SessionFacts session) {
    return new DmlJudge(catalogue, random, statement, dml.shape(), session)
        .judge()
        .map(
            verdict ->
                verdict.fold(
                    ordered ->
                        secondReading.agrees(statement)
                            ? ordered
                            : new Verdict.NeedsRows("two readings of the statement differ"),
                    rows -> rows,
                    refused -> refused));
  }

  /**
   * Loads the parser, which takes up to seconds on a busy machine. Blocks: to be called once, on a
   * worker thread, before the first client is served. Leaving it out costs the first write that
   * time.
   */
  public static void loadParser() {
    Statement statement =
        Classifier.read(
            Bytes.utf8("INSERT INTO a (b) SELECT c FROM d WHERE e IN (SELECT f FROM g)"),
            Dialect.DEFAULT);
    if (!new SecondReading().agrees(statement)) {
      throw new IllegalStateException("the parser does not read the simplest of statements");
    }
  }

  /** The verdict on a definition. */
  public Future<Verdict> definition(
      Statement statement, Definition definition, SessionFacts session) {
    return new DefinitionJudge(catalogue, statement, definition, session).judge();
  }
}
