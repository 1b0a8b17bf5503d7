package io.lockstep.mysql.binlog;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * How a DECIMAL is written: groups of nine digits in four bytes, a shorter group at either end, the
 * first bit turned, and every bit of a negative number (MariaDB: decimal2bin).
 */
record DecimalForm(int precision, int scale) {
  private static final int GROUP_DIGITS = 9;
  private static final int GROUP_BYTES = 4;
  private static final int[] BYTES_OF_DIGITS = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};

  int bytes() {
    return bytes(precision - scale) + bytes(scale);
  }

  private static int bytes(int digits) {
    return digits / GROUP_DIGITS * GROUP_BYTES + BYTES_OF_DIGITS[digits % GROUP_DIGITS];
  }

  BigDecimal read(byte[] written) {
    byte[] bytes = written.clone();
    boolean negative = (bytes[0] & 0x80) == 0;
    bytes[0] ^= (byte) 0x80;
    if (negative) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) ~bytes[i];
      }
    }
    BigInteger digits = BigInteger.ZERO;
    int at = 0;
    int whole = precision - scale;
    int[] groups = groups(whole % GROUP_DIGITS, whole / GROUP_DIGITS, scale);
    for (int group : groups) {
      int length = BYTES_OF_DIGITS[group];
      digits = digits.multiply(BigInteger.TEN.pow(group)).add(number(bytes, at, length));
      at += length;
    }
    BigDecimal value = new BigDecimal(digits, scale);
    return negative ? value.negate() : value;
  }

  /** The digits of each group, from the left. */
  private static int[] groups(int first, int wholes, int scale) {
    int[] groups = new int[1 + wholes + scale / GROUP_DIGITS + 1];
    java.util.Arrays.fill(groups, GROUP_DIGITS);
    groups[0] = first;
    groups[groups.length - 1] = scale % GROUP_DIGITS;
    return groups;
  }

  private static BigInteger number(byte[] bytes, int at, int length) {
    return new BigInteger(1, java.util.Arrays.copyOfRange(bytes, at, at + length));
  }
}
