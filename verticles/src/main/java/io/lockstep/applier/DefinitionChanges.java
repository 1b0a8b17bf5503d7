package io.lockstep.applier;

import io.lockstep.model.Seq;
import io.lockstep.model.Step;
import io.lockstep.model.Write;
import io.lockstep.model.WriteKind;
import io.lockstep.sql.NamedSchemas;
import io.lockstep.sql.SystemSchemas;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * When definitions last changed, for each schema by its name in lower case, and under an empty name
 * for whatever may concern all of them: accounts, and definitions that are not understood. A pure
 * function of the log, bounded: a change of a schema that no basis can lie before any more is
 * forgotten, and with too many schemas the one that changed longest ago counts as a change of all.
 */
final class DefinitionChanges {
  static final int SCHEMAS_MAX = 4_096;
  static final String ALL = "";

  /** No schema's name, which would be in lower case: when tables were last locked or unlocked. */
  static final String LOCKS = "LOCKS";

  private final Map<String, Seq> last;

  DefinitionChanges(Map<String, Seq> last) {
    this.last = new HashMap<>(last);
  }

  /** Whether what a write was analysed by has changed since. */
  boolean since(Seq basis, Set<String> schemas, Seq at, Seq anything) {
    if (schemas.isEmpty() || basis.isBefore(ReplicatedState.forgetUpTo(at))) {
      return anything.isAfter(basis) || after(LOCKS, basis);
    }
    return after(ALL, basis) || schemas.stream().anyMatch(schema -> after(schema, basis));
  }

  private boolean after(String schema, Seq basis) {
    return Optional.ofNullable(last.get(schema)).filter(seq -> seq.isAfter(basis)).isPresent();
  }

  /** A write at {@code seq} has changed definitions of these, of all where there are none. */
  void changed(Set<String> schemas, Seq seq) {
    Seq forgotten = ReplicatedState.forgetUpTo(seq);
    last.entrySet().removeIf(old -> !isKept(old.getKey()) && !old.getValue().isAfter(forgotten));
    // In lower case a name may be longer than the server allows, and than can be stored.
    boolean each = !schemas.isEmpty() && schemas.stream().allMatch(NamedSchemas::canBe);
    (each ? schemas : Set.of(ALL)).forEach(schema -> last.put(schema, seq));
    while (last.size() > SCHEMAS_MAX) {
      Map.Entry<String, Seq> oldest =
          Collections.min(
              last.entrySet().stream().filter(entry -> !isKept(entry.getKey())).toList(),
              Map.Entry.<String, Seq>comparingByValue().thenComparing(Map.Entry.comparingByKey()));
      last.remove(oldest.getKey());
      last.merge(ALL, oldest.getValue(), (one, other) -> one.isAfter(other) ? one : other);
    }
  }

  /**
   * Tables of these schemas have been locked at {@code seq}; unlocked, for Lockstep's own alone.
   */
  void locked(Set<String> schemas, Seq seq) {
    if (!schemas.equals(Set.of(SystemSchemas.OWN))) {
      changed(schemas, seq);
    }
    last.put(LOCKS, seq);
  }

  /** When tables were last locked or unlocked; {@link Seq#NONE} for never. */
  Seq locked() {
    return last.getOrDefault(LOCKS, Seq.NONE);
  }

  private static boolean isKept(String key) {
    return key.equals(ALL) || key.equals(LOCKS);
  }

  /** The schemas that a definition has to do with; none for all of them. */
  static Set<String> schemas(Write definition) {
    Step.Statement statement = definition.statement();
    return definition.kind() == WriteKind.DDL
        ? NamedSchemas.of(statement.sql(), statement.schema(), ContextDialect.of(statement))
        : Set.of();
  }

  Map<String, Seq> asMap() {
    return Map.copyOf(last);
  }
}
