package io.lockstep.mysql.binlog;

import io.lockstep.model.Bytes;
import java.math.BigDecimal;
import java.math.BigInteger;

/** One value of a row that is not NULL, as the binary log writes it. */
public record Cell(ColumnForm form, Bytes bytes) {
  private static final int MICROS_DIGITS = 6;

  /** Numbers are in the order of the smallest byte first, except those of bits, times and sets. */
  public BigInteger integer(boolean unsigned) {
    byte[] turned = bytes.toArray();
    for (int i = 0, j = turned.length - 1; i < j; i++, j--) {
      byte held = turned[i];
      turned[i] = turned[j];
      turned[j] = held;
    }
    return unsigned ? new BigInteger(1, turned) : new BigInteger(turned);
  }

  /** Of a BIT column. */
  public BigInteger bits() {
    return new BigInteger(1, bytes.view());
  }

  public BigDecimal decimal() {
    return new DecimalForm(form.meta() >> 8, form.meta() & 0xff).read(bytes.view());
  }

  /** Of a FLOAT or DOUBLE column, a FLOAT widened without a change of its value. */
  public double real() {
    long bits = integer(true).longValue();
    return form.type() == ColumnForm.FLOAT
        ? Float.intBitsToFloat((int) bits)
        : Double.longBitsToDouble(bits);
  }

  /** Zero for the year 0000, which is written as 0. */
  public int year() {
    int year = integer(true).intValue();
    return year == 0 ? 0 : 1900 + year;
  }

  /** As {@code CAST(… AS CHAR)} shows it. */
  public String date() {
    int packed = integer(true).intValue();
    return "%04d-%02d-%02d".formatted(packed >> 9, packed >> 5 & 0xf, packed & 0x1f);
  }

  /** As {@code CAST(… AS CHAR)} shows it (MariaDB: my_datetime_packed_from_binary). */
  public String datetime() {
    long packed = ofHighFirst(0, 5) & 0x7f_ffff_ffffL;
    long days = packed >> 17;
    long yearAndMonth = days >> 5;
    return "%04d-%02d-%02d %02d:%02d:%02d"
            .formatted(
                yearAndMonth / 13,
                yearAndMonth % 13,
                days & 0x1f,
                packed >> 12 & 0x1f,
                packed >> 6 & 0x3f,
                packed & 0x3f)
        + fraction(ofHighFirst(5, bytes.length()));
  }

  /**
   * Seconds since 1970 with as many digits as the column has (MariaDB: my_timestamp_from_binary).
   */
  public String epoch() {
    return ofHighFirst(0, 4) + fraction(ofHighFirst(4, bytes.length()));
  }

  /**
   * As {@code CAST(… AS CHAR)} shows it. The whole is one number, shifted so that negative times
   * sort before positive ones (MariaDB: my_time_packed_from_binary).
   */
  public String time() {
    int fractionBits = 8 * (bytes.length() - 3);
    long shifted = ofHighFirst(0, bytes.length()) - (0x80_0000L << fractionBits);
    boolean negative = shifted < 0;
    long absolute = Math.abs(shifted);
    long whole = absolute >> fractionBits;
    return (negative ? "-" : "")
        + "%02d:%02d:%02d".formatted(whole >> 12 & 0x3ff, whole >> 6 & 0x3f, whole & 0x3f)
        + fraction(absolute & ((1L << fractionBits) - 1));
  }

  /** The number of a fraction of an even count of digits, of which an odd one shows one less. */
  private String fraction(long written) {
    int digits = form.meta();
    if (digits == 0) {
      return "";
    }
    int even = (digits + 1) / 2 * 2;
    String shown = ("%0" + even + "d").formatted(written);
    return "." + shown.substring(0, Math.min(digits, MICROS_DIGITS));
  }

  private long ofHighFirst(int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      value = value << 8 | (bytes.at(i) & 0xff);
    }
    return value;
  }
}
