package io.lockstep.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The unit that is ordered: one autocommit statement or one whole transaction.
 *
 * @param id names the write for ever; the log may hold it more than once, it is applied once
 * @param kind how the applier must run it
 * @param gateway the node whose gateway waits for the outcome
 * @param master the node whose outcome answers the client
 * @param account on whose behalf it runs; already authorised by the gateway
 * @param basis the last seq applied at the gateway's node when the statements were analysed; if a
 *     write that changes definitions of {@code schemas} was ordered after it, the outcome is {@link
 *     Outcome.Refused} as stale
 * @param steps what it does, in order; exactly one statement unless the kind is TRANSACTION
 * @param foundRows whether the client counts matched instead of changed rows (CLIENT_FOUND_ROWS)
 * @param schemas those whose definitions the analysis looked at, in lower case; none stands for all
 * @param contended whether it had to wait for others' writes to its rows, and keeps others waiting
 */
public record Write(
    WriteId id,
    WriteKind kind,
    NodeId gateway,
    NodeId master,
    Account account,
    Seq basis,
    List<Step> steps,
    boolean foundRows,
    Set<String> schemas,
    boolean contended) {
  /** Most schemas that a write names; one of more depends on all. */
  public static final int SCHEMAS_MAX = 32;

  /** Longest write, in bytes of its steps. A log entry holds at least one write whole. */
  public static final int BYTES_MAX = 64 << 20;

  /** Most steps of a transaction. */
  public static final int STEPS_MAX = 500_000;

  public Write {
    steps = List.copyOf(steps);
    schemas = schemas.size() > SCHEMAS_MAX ? Set.of() : Set.copyOf(schemas);
    Require.that(!steps.isEmpty(), "a write does something");
    Require.that(steps.size() <= STEPS_MAX, "a write has at most " + STEPS_MAX + " steps");
    Require.that(
        kind == WriteKind.TRANSACTION
            || (steps.size() == 1 && steps.get(0) instanceof Step.Statement),
        "only a transaction has several steps");
    Require.that(
        bytes(steps) <= BYTES_MAX, "a write and its settings have at most 64 MiB together");
  }

  /** A write that keeps nobody waiting. */
  public Write(
      WriteId id,
      WriteKind kind,
      NodeId gateway,
      NodeId master,
      Account account,
      Seq basis,
      List<Step> steps,
      boolean foundRows,
      Set<String> schemas) {
    this(id, kind, gateway, master, account, basis, steps, foundRows, schemas, false);
  }

  /** A write that depends on the definitions of all schemas. */
  public Write(
      WriteId id,
      WriteKind kind,
      NodeId gateway,
      NodeId master,
      Account account,
      Seq basis,
      List<Step> steps,
      boolean foundRows) {
    this(id, kind, gateway, master, account, basis, steps, foundRows, Set.of());
  }

  private static long bytes(List<Step> steps) {
    return steps.stream().mapToLong(Step::bytes).sum();
  }

  /** About what it takes in a log entry. */
  public long bytes() {
    return bytes(steps);
  }

  /** The first statement: the only one, unless this is a transaction. */
  public Step.Statement statement() {
    return statements().get(0);
  }

  /** Whether none of its steps are captured rows. */
  public boolean hasStatementsOnly() {
    return steps.stream().allMatch(Step.Statement.class::isInstance);
  }

  /** Those of its steps that are statements. */
  public List<Step.Statement> statements() {
    return steps.stream()
        .filter(Step.Statement.class::isInstance)
        .map(Step.Statement.class::cast)
        .toList();
  }

  /** The ids that the statement outside of a transaction draws from the order when it runs. */
  public Optional<IdDraw> draw() {
    return kind == WriteKind.TRANSACTION ? Optional.empty() : statement().ids();
  }

  /** The same write, which depends on the definitions of these schemas alone. */
  public Write within(Set<String> dependencies) {
    return new Write(
        id, kind, gateway, master, account, basis, steps, foundRows, dependencies, contended);
  }

  /** The same write, of a transaction that has waited for others and keeps others waiting. */
  public Write contending() {
    return new Write(id, kind, gateway, master, account, basis, steps, foundRows, schemas, true);
  }

  /** The same write, asked for on behalf of a session that has moved to another master. */
  public Write servedBy(NodeId otherMaster) {
    return new Write(
        id, kind, gateway, otherMaster, account, basis, steps, foundRows, schemas, contended);
  }
}
