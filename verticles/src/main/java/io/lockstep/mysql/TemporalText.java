package io.lockstep.mysql;

import java.util.Locale;

/** Dates and times from their text form into that of binary results (MariaDB: Binary Protocol). */
final class TemporalText {
  private static final int DATE_LENGTH = 10;
  private static final int MICRO_DIGITS = 6;
  private static final int HOURS_A_DAY = 24;
  private static final String MIDNIGHT = "00:00:00";

  private TemporalText() {}

  /** A date, with or without a time of day; zeros at the end are left out, as the server does. */
  static void date(PacketWriter out, String text) {
    int year = number(text, 0, 4);
    int month = number(text, 5, 7);
    int day = number(text, 8, DATE_LENGTH);
    String time = text.length() == DATE_LENGTH ? MIDNIGHT : text.substring(DATE_LENGTH + 1);
    int hours = number(time, 0, 2);
    int minutes = number(time, 3, 5);
    int seconds = number(time, 6, 8);
    int micros = micros(time);
    boolean day0 = year + month + day == 0;
    int length = micros != 0 ? 11 : hours + minutes + seconds != 0 ? 7 : day0 ? 0 : 4;
    out.u8(length);
    if (length >= 4) {
      out.u16(year).u8(month).u8(day);
    }
    if (length >= 7) {
      out.u8(hours).u8(minutes).u8(seconds);
    }
    if (length == 11) {
      out.u32(micros);
    }
  }

  /** A time, negative or beyond a day as well; nothing is left of zero. */
  static void time(PacketWriter out, String text) {
    boolean negative = text.startsWith("-");
    String time = negative ? text.substring(1) : text;
    int colon = time.indexOf(':');
    int hours = number(time, 0, colon);
    int minutes = number(time, colon + 1, colon + 3);
    int seconds = number(time, colon + 4, colon + 6);
    int micros = micros(time);
    if (hours + minutes + seconds + micros == 0) {
      out.u8(0);
      return;
    }
    out.u8(micros == 0 ? 8 : 12).u8(negative ? 1 : 0).u32(hours / HOURS_A_DAY);
    out.u8(hours % HOURS_A_DAY).u8(minutes).u8(seconds);
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
