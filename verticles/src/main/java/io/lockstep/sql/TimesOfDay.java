package io.lockstep.sql;

import java.util.Locale;

/**
 * Where a value may be a time of day. One that is stored in, or compared with, a date takes the day
 * of the statement (MariaDB: TIME, conversion to DATETIME), which must then be the same everywhere.
 */
final class TimesOfDay {
  /** Literals, casts and functions that give one, and columns of such a name. */
  private static final String[] SOURCES = {
    "TIME", "MAKETIME", "SEC_TO_TIME", "TIMEDIFF", "ADDTIME", "SUBTIME", "STR_TO_DATE"
  };

  private TimesOfDay() {}

  static boolean are(TableDefinition table) {
    return table.columns().stream().anyMatch(column -> column.type().equals("time"));
  }

  static boolean mayStandIn(Tokens tokens) {
    for (int i = 0; i < tokens.count(); i++) {
      // The braces of {t '10:00:00'}, the form of ODBC.
      if (tokens.isAny(i, SOURCES) || tokens.isSymbol(i, '{')) {
        return true;
      }
    }
    return false;
  }

  static boolean mayStandIn(TableDefinition.Trigger trigger) {
    String body = trigger.body().toUpperCase(Locale.ROOT);
    return body.contains("TIME") || body.contains("STR_TO_DATE") || body.contains("{");
  }
}
