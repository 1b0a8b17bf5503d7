package io.lockstep.chaos.history;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One transaction as its client saw it.
 *
 * @param session of one connection; a client that connects again has another one
 * @param number within its session, ascending
 * @param gateway where the client was connected
 */
public record Transaction(
    int session, int number, String gateway, List<Operation> operations, Fate fate) {
  public Transaction {
    operations = List.copyOf(operations);
  }

  public String name() {
    return "T" + session + "." + number;
  }

  Transaction with(Fate known) {
    return new Transaction(session, number, gateway, operations, known);
  }

  Stream<Operation> appends() {
    return operations.stream().filter(one -> one.kind() == Operation.Kind.APPEND);
  }

  boolean wrote(int key, int before) {
    return operations.subList(0, before).stream()
        .anyMatch(one -> !one.isRead() && one.key() == key);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Transaction that && session == that.session && number == that.number;
  }

  @Override
  public int hashCode() {
    return 31 * session + number;
  }

  @Override
  public String toString() {
    return operations.stream()
        .map(Operation::toString)
        .collect(Collectors.joining("; ", name() + " at " + gateway + " {", "} " + fate));
  }
}
