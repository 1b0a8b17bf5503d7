package io.lockstep.sql;

import io.lockstep.model.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Writes out as literals what only the gateway knows: who asks, and fresh unique values. */
final class Rewriter {
  private Rewriter() {}

  static Bytes rewrite(Statement statement, SessionFacts session, RandomGenerator random) {
    List<Facts.Call> calls =
        statement.facts().calls().stream()
            .filter(call -> replaces(call.kind()))
            .sorted(Comparator.comparingInt(call -> call.range().start()))
            .toList();
    if (calls.isEmpty()) {
      return statement.sql();
    }
    byte[] text = statement.sql().view();
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + 64 * calls.size());
    int from = 0;
    for (Facts.Call call : calls) {
      out.write(text, from, call.range().start() - from);
      byte[] literal = literal(call, session, random).getBytes(StandardCharsets.US_ASCII);
      out.write(literal, 0, literal.length);
      from = call.range().end();
    }
    out.write(text, from, text.length - from);
    return Bytes.owning(out.toByteArray());
  }

  private static boolean replaces(FunctionKind kind) {
    return kind == FunctionKind.USER
        || kind == FunctionKind.CURRENT_USER
        || kind == FunctionKind.CURRENT_ROLE
        || kind == FunctionKind.UUID;
  }

  private static String literal(Facts.Call call, SessionFacts session, RandomGenerator random) {
    return switch (call.kind()) {
      case USER -> text(session.user());
      case CURRENT_USER -> text(session.account().user() + "@" + session.account().host());
      case CURRENT_ROLE ->
          Optional.of(session).flatMap(SessionFacts::role).map(Rewriter::text).orElse("NULL");
      case UUID -> unique(call.name(), random);
      default -> throw new IllegalArgumentException("no literal stands for " + call.kind());
    };
  }

  /** A name, readable under every sql_mode and every character set of the client. */
  private static String text(String name) {
    boolean plain = name.chars().allMatch(c -> c >= ' ' && c < 127 && c != '\'' && c != '\\');
    return plain
        ? "'" + name + "'"
        : "CONVERT(" + Literals.hex(Bytes.utf8(name)).latin1() + " USING utf8mb3)";
  }

  private static String unique(String function, RandomGenerator random) {
    if (function.equals("UUID_SHORT")) {
      return Long.toString(random.nextLong() >>> 1);
    }
    // Version 4, RFC 9562 section 5.4.
    long high = (random.nextLong() & ~0xf000L) | 0x4000L;
    long low = (random.nextLong() >>> 2) | Long.MIN_VALUE;
    String uuid = new java.util.UUID(high, low).toString();
    return function.equals("SYS_GUID")
        ? "'" + uuid.replace("-", "").toUpperCase(Locale.ROOT) + "'"
        : "'" + uuid + "'";
  }
}
