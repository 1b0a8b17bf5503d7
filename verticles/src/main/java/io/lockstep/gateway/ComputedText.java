package io.lockstep.gateway;

/**
 * The bytes of a string that the session's database computes, in hexadecimal, so that no conversion
 * of results touches them. A binary string is taken as it is, as the server does ({@code
 * String::needs_conversion}); any other comes in the character set that is asked for. A number is
 * its digits, and NULL stays NULL.
 *
 * @param charset of the answer, by the server's name
 * @param expression in the character set of the connection, computed once
 */
record ComputedText(String charset, String expression) {
  /** What to select. */
  String column() {
    return "IF(CHARSET(text)='binary',HEX(CAST(text AS BINARY)),HEX(CONVERT(text USING "
        + charset
        + ")))";
  }

  /** What to select it from; the LIMIT keeps the server from merging it into its only reader. */
  String source() {
    return " FROM (SELECT (" + expression + ") AS text LIMIT 1) AS computed";
  }
}
