package io.lockstep.gateway;

import io.lockstep.bus.OneByOne;
import io.lockstep.model.Bytes;
import io.lockstep.model.OwnSettings;
import io.lockstep.model.Setting;
import io.lockstep.model.Step;
import io.lockstep.mysql.BackendLostException;
import io.lockstep.mysql.DigestedQuery;
import io.vertx.core.Future;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Runs steps of an open transaction again in a new branch, and compares what its client saw. User
 * variables that its statements read are lent the values from then.
 */
final class Reexecution {
  private final List<Journal.Entry> entries;
  private final String schema;
  private final Supplier<Future<Void>> settled;
  private boolean locked;

  /**
   * @param schema the session's default schema now
   * @param settled asked before plain reads that follow locks: completes when all is applied there
   *     that may have been done under these, fails as a lost connection does
   */
  Reexecution(List<Journal.Entry> entries, String schema, Supplier<Future<Void>> settled) {
    this.entries = entries;
    this.schema = schema;
    this.settled = settled;
  }

  /**
   * Whether everything came out the same. Fails as a lost connection does when the branch makes way
   * meanwhile: what would follow must not run outside of it.
   *
   * @param open whether the branch is still open there
   */
  Future<Boolean> at(Backend backend, BooleanSupplier open) {
    return lending(backend, () -> all(backend, open));
  }

  /** The answer to the only entry, without looking whether it is the same. */
  Future<DigestedQuery> answer(Backend backend) {
    return lending(backend, () -> answer(backend, entries.get(0).step()));
  }

  /** The variables have their values of now again behind it. */
  private <T> Future<T> lending(Backend backend, Supplier<Future<T>> work) {
    return UserVariables.read(backend, variables())
        .compose(
            now ->
                work.get()
                    .compose(
                        done ->
                            now.isEmpty()
                                ? Future.succeededFuture(done)
                                : backend.query(UserVariables.assignment(now)).map(done)));
  }

  private Set<String> variables() {
    return entries.stream()
        .flatMap(entry -> entry.step().context().stream())
        .filter(Setting::isUserVariable)
        .map(setting -> setting.name().substring(2, setting.name().length() - 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Future<Boolean> all(Backend backend, BooleanSupplier open) {
    Iterator<Journal.Entry> each = entries.iterator();
    return OneByOne.all(
        each::hasNext,
        () ->
            open.getAsBoolean()
                ? next(backend, each.next())
                : Future.failedFuture(new BackendLostException("its branch made way")));
  }

  private Future<Boolean> next(Backend backend, Journal.Entry entry) {
    boolean looks = locked && entry.kind() == Journal.Kind.READ;
    locked = (locked || entry.kind().locks()) && !looks;
    return looks
        ? settled.get().compose(all -> run(backend, entry.step()))
        : run(backend, entry.step());
  }

  private Future<Boolean> run(Backend backend, Step.Statement step) {
    return answer(backend, step)
        .map(again -> step.seen().filter(seen -> seen.digest() != again.value()).isEmpty());
  }

  private Future<DigestedQuery> answer(Backend backend, Step.Statement step) {
    List<Setting> variables = step.context().stream().filter(Setting::isUserVariable).toList();
    boolean elsewhere = !step.schema().isEmpty() && !step.schema().equals(schema);
    if (!variables.isEmpty()) {
      backend.query(UserVariables.assignment(variables));
    }
    if (elsewhere) {
      backend.connection().useSchema(Bytes.utf8(step.schema()));
    }
    OptionalLong insertId = step.seen().map(Step.Seen::insertId).orElse(OptionalLong.empty());
    boolean binary = step.seen().filter(Step.Seen::binary).isPresent();
    Future<DigestedQuery> answer =
        DigestedQuery.run(backend.connection(), OwnSettings.textForAnyone(step, insertId), binary);
    if (elsewhere && !schema.isEmpty()) {
      backend.connection().useSchema(Bytes.utf8(schema));
    }
    return answer;
  }
}
