package io.lockstep.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One use of a sequence in a statement's text.
 *
 * @param first the first of its tokens
 * @param last the last of them
 * @param arguments what SETVAL is given behind the name: one to three numbers
 */
public record SequenceCall(
    Verb verb, TableRef sequence, int first, int last, List<Long> arguments) {
  /** What it does. */
  public enum Verb {
    /** {@code NEXTVAL(s)} and {@code NEXT VALUE FOR s}. */
    NEXT,
    /** {@code LASTVAL(s)} and {@code PREVIOUS VALUE FOR s}. */
    LAST,
    /** {@code SETVAL(s, n, used, round)}. */
    SET
  }

  private static final int ARGUMENTS_MAX = 3;

  public SequenceCall {
    arguments = List.copyOf(arguments);
  }

  /** All of a text, in their order; nothing when one of them is not understood. */
  public static Optional<List<SequenceCall>> all(Statement statement) {
    Tokens tokens = statement.tokens();
    List<SequenceCall> found = new ArrayList<>();
    for (int i = 0; i < tokens.count(); i++) {
      int at = i;
      call(tokens, at).or(() -> value(tokens, at)).ifPresent(found::add);
    }
    long called =
        statement.facts().calls().stream()
            .filter(call -> call.kind() == FunctionKind.SEQUENCE)
            .count();
    return called == found.size() ? Optional.of(found) : Optional.empty();
  }

  private static Optional<SequenceCall> call(Tokens tokens, int i) {
    boolean named = tokens.isAny(i, "NEXTVAL", "LASTVAL", "SETVAL") && tokens.isSymbol(i + 1, '(');
    if (!named || tokens.isSymbol(i - 1, '.')) {
      return Optional.empty();
    }
    int close = tokens.closing(i + 1);
    int behind = NameList.after(tokens, i + 2);
    Verb verb =
        tokens.is(i, "NEXTVAL") ? Verb.NEXT : tokens.is(i, "LASTVAL") ? Verb.LAST : Verb.SET;
    if (close >= tokens.count() || (verb != Verb.SET && behind != close)) {
      return Optional.empty();
    }
    Optional<List<Long>> arguments =
        verb == Verb.SET ? numbers(tokens, behind, close) : Optional.of(List.of());
    return arguments.flatMap(given -> of(verb, tokens, i + 2, i, close, given));
  }

  /** {@code NEXT VALUE FOR s}, {@code PREVIOUS VALUE FOR s}. */
  private static Optional<SequenceCall> value(Tokens tokens, int i) {
    boolean named =
        tokens.isAny(i, "NEXT", "PREVIOUS") && tokens.is(i + 1, "VALUE") && tokens.is(i + 2, "FOR");
    Verb verb = tokens.is(i, "NEXT") ? Verb.NEXT : Verb.LAST;
    return named
        ? of(verb, tokens, i + 3, i, NameList.after(tokens, i + 3) - 1, List.of())
        : Optional.empty();
  }

  private static Optional<SequenceCall> of(
      Verb verb, Tokens tokens, int name, int first, int last, List<Long> arguments) {
    return NameList.table(tokens, name, true)
        .map(sequence -> new SequenceCall(verb, sequence, first, last, arguments));
  }

  /** {@code , n [, n [, n]]} up to the closing parenthesis. */
  private static Optional<List<Long>> numbers(Tokens tokens, int from, int close) {
    List<Long> numbers = new ArrayList<>();
    int i = from;
    while (i < close && tokens.isSymbol(i, ',')) {
      boolean negative = tokens.isSymbol(i + 1, '-');
      int digits = negative ? i + 2 : i + 1;
      if (tokens.kind(digits) != TokenKind.INTEGER) {
        return Optional.empty();
      }
      try {
        numbers.add(Long.parseLong((negative ? "-" : "") + tokens.raw(digits)));
      } catch (NumberFormatException tooLarge) {
        return Optional.empty();
      }
      i = digits + 1;
    }
    return i == close && !numbers.isEmpty() && numbers.size() <= ARGUMENTS_MAX
        ? Optional.of(numbers)
        : Optional.empty();
  }
}
