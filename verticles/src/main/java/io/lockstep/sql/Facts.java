package io.lockstep.sql;

import java.util.List;
import java.util.Set;

/**
 * What the text of a statement mentions, wherever it stands.
 *
 * @param tables every table read or written, once per mention
 * @param calls built-in functions that are more than a function of their arguments, and every
 *     function that is not built in
 * @param userVariablesRead names without {@code @}, lower case
 * @param userVariablesAssigned by {@code :=} or {@code INTO}, lower case
 * @param systemVariables names without {@code @@} and scope, lower case
 * @param placeholders where the question marks stand, as byte offsets
 * @param limit whether LIMIT or FETCH FIRST stands anywhere
 * @param choosesRows whether GROUP BY, DISTINCT, UNION or a window stands anywhere
 */
public record Facts(
    List<TableRef> tables,
    List<Call> calls,
    Set<String> userVariablesRead,
    Set<String> userVariablesAssigned,
    Set<String> systemVariables,
    List<Integer> placeholders,
    boolean limit,
    boolean choosesRows) {
  public static final Facts NONE =
      new Facts(List.of(), List.of(), Set.of(), Set.of(), Set.of(), List.of(), false, false);

  public Facts {
    tables = List.copyOf(tables);
    calls = List.copyOf(calls);
    userVariablesRead = Set.copyOf(userVariablesRead);
    userVariablesAssigned = Set.copyOf(userVariablesAssigned);
    systemVariables = Set.copyOf(systemVariables);
    placeholders = List.copyOf(placeholders);
  }

  /**
   * One call.
   *
   * @param name upper case if built in, as written otherwise
   * @param range from the name to the closing parenthesis
   * @param firstToken the index of the name's token
   * @param emptyArguments whether nothing stands between the parentheses
   */
  public record Call(
      String name, FunctionKind kind, TextRange range, int firstToken, boolean emptyArguments) {}

  /** Whether any function of this kind is called. */
  public boolean calls(FunctionKind kind) {
    // Asked several times of every statement: no stream for a list that is mostly empty.
    for (Call call : calls) {
      if (call.kind() == kind) {
        return true;
      }
    }
    return false;
  }

  public boolean callsUnknownFunction() {
    return calls(FunctionKind.UNKNOWN);
  }

  /** Whether what it answers may depend on rows of tables. */
  public boolean looksAtRows() {
    return !tables.isEmpty() || callsUnknownFunction();
  }

  public boolean assignsUserVariables() {
    return !userVariablesAssigned.isEmpty();
  }

  /** Whether the session must stay where it is because it holds, or asks for, a user lock. */
  public boolean takesUserLock() {
    return calls(FunctionKind.USER_LOCK);
  }
}
