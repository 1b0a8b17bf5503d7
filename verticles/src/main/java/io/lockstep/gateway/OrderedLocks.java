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
  private static final Account NOBODY = new Account("", "");

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
    return ordered("DELETE FROM lockstep.user_lock WHERE name=" + hex(name) + of(gateway, holder))
        .map(changed -> changed > 0);
  }

  @Override
  public Future<Long> releaseAll(String gateway, long holder) {
    return ordered("DELETE FROM lockstep.user_lock WHERE 1=1" + of(gateway, holder));
  }

  @Override
  public Future<Long> renew(String gateway, List<Long> holders, long stamp) {
    return ordered(
        "UPDATE lockstep.user_lock SET stamp="
            + stamp
            + " WHERE gateway="
            + text(gateway)
            + " AND holder IN ("
            + holders.stream().map(String::valueOf).collect(Collectors.joining(","))
            + ")");
  }

  @Override
  public Future<Boolean> breakUp(LockRow seen) {
    return ordered(
            "DELETE FROM lockstep.user_lock WHERE name="
                + hex(seen.name())
                + of(seen.gateway(), seen.holder())
                + " AND stamp="
                + seen.stamp())
        .map(changed -> changed > 0);
  }

  private static String of(String gateway, long holder) {
    return " AND gateway=" + text(gateway) + " AND holder=" + holder;
  }

  private static String text(String plain) {
    return "'" + plain.replace("'", "''") + "'";
  }

  private static String hex(Bytes name) {
    return "x'" + HexFormat.of().formatHex(name.view()) + "'";
  }

  private Future<Long> ordered(String sql) {
    return attempt(Bytes.utf8(sql), 1);
  }

  private Future<Long> attempt(Bytes sql, int attempt) {
    return intake
        .submit(write(sql))
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
                        refused -> again(refused.reason(), applied.id(), sql, attempt)));
  }

  /** A definition came between, which is nothing to a lock. */
  private Future<Long> again(Outcome.Refused.Reason reason, WriteId id, Bytes sql, int attempt) {
    if (reason != Outcome.Refused.Reason.STALE || attempt >= Writing.PLANS_MAX) {
      return Future.failedFuture(new OutcomeUnknownException(id, "a user lock came up too late"));
    }
    return ports.timers().pause(Writing.PAUSE).compose(passed -> attempt(sql, attempt + 1));
  }

  private Write write(Bytes sql) {
    return new Write(
        new WriteId(SessionId.ofConnection(random.nextLong(), random.nextLong()), 1),
        WriteKind.DML,
        ports.self(),
        ports.self(),
        NOBODY,
        ports.position().get().seq(),
        List.of(new Step.Statement("", List.of(), sql, Optional.empty())),
        false,
        Set.of(SystemSchemas.OWN));
  }
}
