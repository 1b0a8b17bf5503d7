package io.lockstep.gateway;

import io.lockstep.gateway.locks.LockOrder;
import io.lockstep.gateway.locks.LockRow;
import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.Outcome;
import io.lockstep.model.SessionId;
import io.lockstep.model.Step;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.model.WriteKind;
import io.lockstep.sql.SystemSchemas;
import io.vertx.core.Future;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Orders changes of user locks. Each has a write session of its own, since those of one client may
 * overtake each other when it leaves.
 */
final class OrderedLocks implements LockOrder {
  static final Account NOBODY = new Account("", "");

  /** With the table locks that live by it. */
  private static final String DELETE =
      "DELETE u, t FROM lockstep.user_lock AS u LEFT JOIN lockstep.table_lock AS t"
          + " ON t.lease=u.name WHERE ";

  private final GatewayPorts ports;
  private final WriteIntake intake;
  private final RandomGenerator random;

  OrderedLocks(GatewayPorts ports, WriteIntake intake, RandomGenerator random) {
    this.ports = ports;
    this.intake = intake;
    this.random = random;
  }

  @Override
  public Future<Boolean> take(LockRow lock) {
    return ordered(
            WriteKind.DML,
            "INSERT IGNORE INTO lockstep.user_lock (name, gateway, holder, stamp) VALUES ("
                + String.join(
                    ",",
                    hex(lock.name()),
                    text(lock.gateway()),
                    Long.toString(lock.holder()),
                    Long.toString(lock.stamp()))
                + ")")
        .map(changed -> changed > 0);
  }

  @Override
  public Future<Boolean> release(Bytes name, String gateway, long holder) {
    return ordered(kind(holder), DELETE + "u.name=" + hex(name) + of(gateway, holder))
        .map(changed -> changed > 0);
  }

  @Override
  public Future<Long> releaseAll(String gateway, long holder) {
    return ordered(kind(holder), DELETE + "1=1" + of(gateway, holder));
  }

  @Override
  public Future<Long> renew(String gateway, List<Long> holders, long stamp, Runnable placed) {
    String sql =
        "UPDATE lockstep.user_lock SET stamp="
            + stamp
            + " WHERE gateway="
            + text(gateway)
            + " AND holder IN ("
            + holders.stream().map(String::valueOf).collect(Collectors.joining(","))
            + ")";
    return attempt(WriteKind.DML, Bytes.utf8(sql), placed, 1);
  }

  @Override
  public Future<Boolean> breakUp(LockRow seen) {
    return ordered(
            kind(seen.holder()),
            DELETE
                + "u.name="
                + hex(seen.name())
                + of(seen.gateway(), seen.holder())
                + " AND u.stamp="
                + seen.stamp())
        .map(changed -> changed > 0);
  }

  private static String of(String gateway, long holder) {
    return " AND u.gateway=" + text(gateway) + " AND u.holder=" + holder;
  }

  private static String text(String plain) {
    return "'" + plain.replace("'", "''") + "'";
  }

  static String hex(Bytes name) {
    return "x'" + HexFormat.of().formatHex(name.view()) + "'";
  }

  /** Whose life table locks live by takes them along. */
  private static WriteKind kind(long holder) {
    return holder < 0 ? WriteKind.TABLE_LOCKS : WriteKind.DML;
  }

  private Future<Long> ordered(WriteKind kind, String sql) {
    return attempt(kind, Bytes.utf8(sql), () -> {}, 1);
  }

  private Future<Long> attempt(WriteKind kind, Bytes sql, Runnable placed, int attempt) {
    return intake
        .submit(write(kind, sql), ports::self, placed)
        .compose(
            applied ->
                applied
                    .outcome()
                    .fold(
                        done -> Future.succeededFuture(done.affected()),
                        failed ->
                            Future.failedFuture(
                                new IllegalStateException(
                                    "a user lock cannot be written: " + failed.message())),
                        refused ->
                            isAgain(refused.reason(), attempt)
                                ? ports
                                    .timers()
                                    .pause(Writing.PAUSE)
                                    .compose(passed -> attempt(kind, sql, placed, attempt + 1))
                                : Future.failedFuture(
                                    new OutcomeUnknownException(
                                        applied.id(), "a user lock came up too late"))));
  }

  /** A definition came between, which is nothing to a lock. */
  private static boolean isAgain(Outcome.Refused.Reason reason, int attempt) {
    return reason == Outcome.Refused.Reason.STALE && attempt < Writing.PLANS_MAX;
  }

  private Write write(WriteKind kind, Bytes sql) {
    return new Write(
        new WriteId(SessionId.ofConnection(random.nextLong(), random.nextLong()), 1),
        kind,
        ports.self(),
        ports.self(),
        NOBODY,
        ports.position().get().seq(),
        List.of(new Step.Statement(SystemSchemas.OWN, List.of(), sql, Optional.empty())),
        false,
        Set.of(SystemSchemas.OWN));
  }
}
