package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.Capture;
import io.lockstep.sql.ProgramTransactions;
import io.lockstep.sql.StatementClass.TransactionControl.Verb;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which rows of a branch belong to which of its statements. Before each statement that is captured,
 * and each write behind one, a savepoint begins a part. The server logs a savepoint only when the
 * branch has changed something before, so what was changed first has lost its name: it belongs to
 * the last part that was begun in silence. Parts behind a savepoint that the client went back to
 * are not in the log at all.
 */
final class CapturedParts {
  private record Savepoint(String name, int begun) {}

  private final List<Savepoint> savepoints = new ArrayList<>();
  private final Set<Integer> undone = new HashSet<>();
  private int begun;

  /** The next part's number. */
  int begin() {
    return ++begun;
  }

  int last() {
    return begun;
  }

  static String savepoint(int part) {
    return Capture.PART + part;
  }

  /**
   * The client has set, released or gone back to a savepoint of its own.
   *
   * @return the first part that is undone, if any is
   */
  OptionalInt client(Verb verb, String savepoint) {
    String name = savepoint.toLowerCase(Locale.ROOT);
    if (verb == Verb.SAVEPOINT) {
      savepoints.removeIf(one -> one.name().equals(name));
      savepoints.add(new Savepoint(name, begun));
      return OptionalInt.empty();
    }
    int at =
        IntStream.range(0, savepoints.size())
            .filter(i -> savepoints.get(i).name().equals(name))
            .findFirst()
            .orElse(savepoints.size());
    OptionalInt first = OptionalInt.empty();
    if (verb == Verb.ROLLBACK_TO && at < savepoints.size()) {
      int from = savepoints.get(at).begun() + 1;
      IntStream.rangeClosed(from, begun).forEach(undone::add);
      first = from <= begun ? OptionalInt.of(from) : first;
      at++;
    }
    savepoints.subList(Math.min(at, savepoints.size()), savepoints.size()).clear();
    return first;
  }

  /** Whether there are rows behind the last savepoint that stands for a procedure's commit. */
  static boolean changedBehindCall(Capture.Rows rows) {
    int from = rows.parts().size();
    while (from > 0 && !isCall(rows.parts().get(from - 1))) {
      from--;
    }
    return rows.parts().subList(Math.max(0, from - 1), rows.parts().size()).stream()
        .anyMatch(part -> !part.events().isEmpty());
  }

  /** A procedure's own savepoints divide no parts. */
  private static boolean isCall(Capture.Part part) {
    return part.name().equals(ProgramTransactions.SAVEPOINT);
  }

  /** The rows of each part that has some; empty when the log contradicts what was done. */
  Optional<Map<Integer, List<Bytes>>> assign(Capture.Rows rows) {
    Map<Integer, List<Bytes>> assigned = new HashMap<>();
    Set<Integer> logged = new HashSet<>();
    List<Bytes> unnamed = new ArrayList<>();
    List<Bytes> current = unnamed;
    for (Capture.Part part : rows.parts()) {
      if (!part.name().isEmpty() && !isCall(part)) {
        Optional<Integer> number = number(part.name());
        if (number.isEmpty() || undone.contains(number.get()) || !logged.add(number.get())) {
          return Optional.empty();
        }
        current = assigned.computeIfAbsent(number.get(), fresh -> new ArrayList<>());
      }
      current.addAll(part.events());
    }
    assigned.values().removeIf(List::isEmpty);
    int firstLogged = logged.stream().min(Integer::compare).orElse(begun + 1);
    IntStream.range(1, firstLogged)
        .filter(part -> !undone.contains(part))
        .max()
        .ifPresent(silent -> assigned.put(silent, unnamed));
    return Optional.of(assigned);
  }

  private Optional<Integer> number(String name) {
    String digits = name.substring(Math.min(name.length(), Capture.PART.length()));
    return Optional.of(digits)
        .filter(text -> text.matches("[0-9]{1,9}"))
        .map(Integer::valueOf)
        .filter(part -> part >= 1 && part <= begun);
  }

  void clear() {
    savepoints.clear();
    undone.clear();
    begun = 0;
  }
}
