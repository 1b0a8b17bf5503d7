package io.lockstep.gateway.grants;

/** The schema part of a grant, where {@code %} and {@code _} are wildcards unless escaped. */
final class SchemaPattern {
  private SchemaPattern() {}

  static boolean matches(String pattern, String schema) {
    return matches(pattern, 0, schema, 0);
  }

  private static boolean matches(String pattern, int p, String schema, int s) {
    int at = s;
    for (int i = p; i < pattern.length(); i++, at++) {
      char c = pattern.charAt(i);
      if (c == '%') {
        for (int rest = at; rest <= schema.length(); rest++) {
          if (matches(pattern, i + 1, schema, rest)) {
            return true;
          }
        }
        return false;
      }
      boolean any = c == '_';
      if (c == '\\' && i + 1 < pattern.length()) {
        c = pattern.charAt(++i);
        any = false;
      }
      if (at >= schema.length() || !(any || schema.charAt(at) == c)) {
        return false;
      }
    }
    return at == schema.length();
  }
}
