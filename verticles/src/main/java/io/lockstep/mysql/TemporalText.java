package io.lockstep.mysql;

import java.util.Locale;

/** Dates and times from their text form into that of binary results (MariaDB: Binary Protocol). */
final class TemporalText {
  private static final int DATE_LENGTH = 10;
  private static final int MICRO_DIGITS = 6;
  private static final int HOURS_A_DAY = 24;

  private TemporalText() {}

  /** A date, with or without a time of day. */
  static void date(PacketWriter out, String text) {
    int year = number(text, 0, 4);
    int month = number(text, 5, 7);
    int day = number(text, 8, DATE_LENGTH);
    if (text.length() == DATE_LENGTH) {
      out.u8(4).u16(year).u8(month).u8(day);
      return;
    }
    String time = text.substring(DATE_LENGTH + 1);
    int micros = micros(time);
    out.u8(micros == 0 ? 7 : 11).u16(year).u8(month).u8(day);
    out.u8(number(time, 0, 2)).u8(number(time, 3, 5)).u8(number(time, 6, 8));
    if (micros != 0) {
      out.u32(micros);
    }
  }

  /** A time, negative or beyond a day as well. */
  static void time(PacketWriter out, String text) {
    boolean negative = text.startsWith("-");
    String time = negative ? text.substring(1) : text;
    int colon = time.indexOf(':');
    int hours = number(time, 0, colon);
    int micros = micros(time);
    out.u8(micros == 0 ? 8 : 12).u8(negative ? 1 : 0).u32(hours / HOURS_A_DAY);
    out.u8(hours % HOURS_A_DAY)
        .u8(number(time, colon + 1, colon + 3))
        .u8(number(time, colon + 4, colon + 6));
    if (micros != 0) {
      out.u32(micros);
    }
  }

  private static int micros(String time) {
    int point = time.indexOf('.');
    if (point < 0) {
      return 0;
    }
    String digits = (time.substring(point + 1) + "0".repeat(MICRO_DIGITS)).toLowerCase(Locale.ROOT);
    return number(digits, 0, MICRO_DIGITS);
  }

  private static int number(String text, int from, int to) {
    return Integer.parseInt(text.substring(from, to));
  }
}
