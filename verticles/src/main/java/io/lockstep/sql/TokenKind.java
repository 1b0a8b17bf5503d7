package io.lockstep.sql;

/** What one token of SQL text is. */
public enum TokenKind {
  /** An unquoted identifier or keyword. */
  WORD,
  /** An identifier in backticks, or in double quotes under ANSI_QUOTES. */
  QUOTED,
  /** A string in quotes, without its introducer. */
  STRING,
  /** Digits only. */
  INTEGER,
  /** Digits with a decimal point. */
  DECIMAL,
  /** A number with an exponent. */
  FLOAT,
  /** {@code 0x…}, {@code x'…'}, {@code 0b…} or {@code b'…'}. */
  BINARY,
  /** A question mark. */
  PLACEHOLDER,
  /** {@code @name}, in any quoting. */
  USER_VARIABLE,
  /** {@code @@name}, with its scope. */
  SYSTEM_VARIABLE,
  /** One character of punctuation, or {@code :=}. */
  SYMBOL;

  /** Whether a value is written out. */
  public boolean isLiteral() {
    return this == STRING || this == INTEGER || this == DECIMAL || this == FLOAT || this == BINARY;
  }
}
