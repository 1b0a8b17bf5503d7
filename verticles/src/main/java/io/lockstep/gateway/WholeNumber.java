package io.lockstep.gateway;

/**
 * Whole numbers as they are written into a query in place of a function, so that the column has the
 * function's type and not one as small as the value.
 */
final class WholeNumber {
  /** In its place where there is none, of the type INT. */
  static final String NO_INT = "CAST(NULL AS SIGNED)";

  private WholeNumber() {}

  /** Of the type BIGINT. */
  static String signed(String value) {
    return "CAST(" + wide(value) + " AS SIGNED)";
  }

  static String signed(long value) {
    return signed(Long.toString(value));
  }

  /** Of the type BIGINT UNSIGNED. */
  static String unsigned(long value) {
    return "CAST(" + wide(Long.toUnsignedString(value)) + " AS UNSIGNED)";
  }

  /** A cast takes its type from how long its operand can be. */
  private static String wide(String value) {
    return "CAST(" + value + " AS DECIMAL(20))";
  }
}
