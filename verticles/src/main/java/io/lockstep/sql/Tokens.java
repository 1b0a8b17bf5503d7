package io.lockstep.sql;

import io.lockstep.model.Bytes;
import java.util.Arrays;
import java.util.Locale;

/**
 * The tokens of one text, in order; comments and white space are left out, the content of
 * executable comments is in. Immutable once the lexer has handed it over.
 */
public final class Tokens {
  private final Bytes text;
  private final Dialect dialect;
  private TokenKind[] kinds = new TokenKind[32];
  private int[] starts = new int[32];
  private int[] ends = new int[32];
  private int[] partners = new int[0];
  private int count;
  private boolean unterminated;
  private boolean hasExecutableComment;

  Tokens(Bytes text, Dialect dialect) {
    this.text = text;
    this.dialect = dialect;
  }

  void add(TokenKind kind, int start, int end) {
    if (count == kinds.length) {
      int larger = count * 2;
      kinds = Arrays.copyOf(kinds, larger);
      starts = Arrays.copyOf(starts, larger);
      ends = Arrays.copyOf(ends, larger);
    }
    kinds[count] = kind;
    starts[count] = start;
    ends[count++] = end;
  }

  void markUnterminated() {
    unterminated = true;
  }

  void markExecutableComment() {
    hasExecutableComment = true;
  }

  /** Whether a string, identifier or comment runs past the end: the server refuses it. */
  public boolean unterminated() {
    return unterminated;
  }

  /** Whether some of the tokens stand in executable comments. */
  public boolean hasExecutableComment() {
    return hasExecutableComment;
  }

  public Bytes text() {
    return text;
  }

  public Dialect dialect() {
    return dialect;
  }

  public int count() {
    return count;
  }

  public TokenKind kind(int index) {
    return kinds[index];
  }

  /** Where the token begins, in bytes. */
  public int start(int index) {
    return starts[index];
  }

  /** Where the token ends, in bytes; the last token's successor begins at the text's end. */
  public int end(int index) {
    return ends[index];
  }

  /** Whether the token is this keyword; {@code upper} is in upper case. */
  public boolean is(int index, String upper) {
    if (index < 0 || index >= count || kinds[index] != TokenKind.WORD) {
      return false;
    }
    int start = starts[index];
    int length = upper.length();
    if (ends[index] - start != length) {
      return false;
    }
    byte[] content = text.view();
    for (int i = 0; i < length; i++) {
      int c = content[start + i];
      if (c >= 'a' && c <= 'z') {
        c -= 32;
      }
      if (c != upper.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the token is one of these keywords. */
  public boolean isAny(int index, String... upper) {
    for (String word : upper) {
      if (is(index, word)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the token is this one character of punctuation. */
  public boolean isSymbol(int index, char symbol) {
    return index >= 0
        && index < count
        && kinds[index] == TokenKind.SYMBOL
        && ends[index] - starts[index] == 1
        && text.view()[starts[index]] == symbol;
  }

  /** Whether the token is {@code :=}. */
  public boolean isAssign(int index) {
    return index >= 0
        && index < count
        && kind(index) == TokenKind.SYMBOL
        && ends[index] - starts[index] == 2;
  }

  /** Whether the token may name something. */
  public boolean isName(int index) {
    return index >= 0
        && index < count
        && (kind(index) == TokenKind.WORD || kind(index) == TokenKind.QUOTED);
  }

  /** The token as written, one character for each byte. */
  public String raw(int index) {
    return slice(starts[index], ends[index]).latin1();
  }

  /** A keyword in upper case; empty for a token that is none. */
  public String upper(int index) {
    return index >= 0 && index < count && kind(index) == TokenKind.WORD
        ? raw(index).toUpperCase(Locale.ROOT)
        : "";
  }

  /** A name, unquoted and decoded; strings are unquoted as well (aliases, accounts). */
  public String name(int index) {
    return TokenText.name(this, index);
  }

  /** The text between two offsets. */
  public Bytes slice(int start, int end) {
    return Bytes.owning(Arrays.copyOfRange(text.view(), start, end));
  }

  /** The text of the tokens from {@code from} to before {@code to}. */
  public Bytes textOf(int from, int to) {
    return from >= to ? Bytes.EMPTY : slice(starts[from], ends[to - 1]);
  }

  /** The index of the parenthesis that closes the one at {@code open}; {@link #count} for none. */
  public int closing(int open) {
    if (partners.length == 0) {
      partners = partners();
    }
    return partners[open];
  }

  /** Computed once, so that following parentheses never costs more than the text is long. */
  private int[] partners() {
    int[] closing = new int[count];
    Arrays.fill(closing, count);
    int[] open = new int[count];
    int depth = 0;
    for (int i = 0; i < count; i++) {
      if (isSymbol(i, '(')) {
        open[depth++] = i;
      } else if (isSymbol(i, ')') && depth > 0) {
        closing[open[--depth]] = i;
      }
    }
    return closing;
  }
}
