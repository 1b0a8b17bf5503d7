package io.lockstep.gateway;

import io.lockstep.bus.Timers;
import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/** What command a client's session runs, and since when. Lives on the session's context. */
final class Activity {
  private static final int QUERY = 0x03;
  private static final int PREPARE = 0x16;
  private static final int EXECUTE = 0x17;
  private static final int EXECUTE_LENGTH_MIN = 5;

  /** As the server names them (MariaDB: Thread Command Values). */
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(0x01, "Quit"),
          Map.entry(0x02, "Init DB"),
          Map.entry(QUERY, "Query"),
          Map.entry(0x04, "Field List"),
          Map.entry(0x07, "Refresh"),
          Map.entry(0x09, "Statistics"),
          Map.entry(0x0a, "Processlist"),
          Map.entry(0x0c, "Kill"),
          Map.entry(0x0d, "Debug"),
          Map.entry(0x0e, "Ping"),
          Map.entry(0x11, "Change user"),
          Map.entry(PREPARE, "Prepare"),
          Map.entry(EXECUTE, "Execute"),
          Map.entry(0x18, "Long Data"),
          Map.entry(0x19, "Close stmt"),
          Map.entry(0x1a, "Reset stmt"),
          Map.entry(0x1b, "Set option"),
          Map.entry(0x1c, "Fetch"),
          Map.entry(0x1f, "Reset connection"));

  private final Timers timers;
  private Optional<Buffer> running = Optional.empty();
  private long since;

  Activity(Timers timers) {
    this.timers = timers;
    this.since = timers.nanos();
  }

  void begins(Buffer command) {
    running = Optional.of(command);
    since = timers.nanos();
  }

  void ends() {
    running = Optional.empty();
    since = timers.nanos();
  }

  boolean idle() {
    return running.isEmpty();
  }

  String command() {
    return running.map(payload -> NAMES.getOrDefault(code(payload), "Error")).orElse("Sleep");
  }

  long timeMs() {
    return Math.max(0, (timers.nanos() - since) / 1_000_000);
  }

  /** The statement, if the command has one; {@code prepared} knows those by id. */
  Optional<Bytes> statement(LongFunction<Optional<Bytes>> prepared) {
    return running.flatMap(payload -> statement(payload, prepared));
  }

  private static Optional<Bytes> statement(Buffer payload, LongFunction<Optional<Bytes>> prepared) {
    return switch (code(payload)) {
      case QUERY, PREPARE -> Optional.of(Bytes.owning(payload.getBytes(1, payload.length())));
      case EXECUTE ->
          payload.length() < EXECUTE_LENGTH_MIN
              ? Optional.empty()
              : prepared.apply(payload.getUnsignedIntLE(1));
      default -> Optional.empty();
    };
  }

  private static int code(Buffer payload) {
    return payload.length() == 0 ? 0 : payload.getUnsignedByte(0);
  }
}
