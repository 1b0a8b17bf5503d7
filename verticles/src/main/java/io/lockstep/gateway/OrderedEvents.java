package io.lockstep.gateway;

import io.lockstep.gateway.events.EventDefinition;
import io.lockstep.gateway.events.EventName;
import io.lockstep.gateway.events.EventOrder;
import io.lockstep.model.Account;
import io.lockstep.model.Applied;
import io.lockstep.model.Bytes;
import io.lockstep.model.Outcome;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.Setting;
import io.lockstep.model.Step;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.model.WriteKind;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Orders what becomes of events. Each write has a session of its own, since none waits for another.
 */
final class OrderedEvents implements EventOrder {
  private static final Account NOBODY = new Account("", "");

  private final GatewayPorts ports;
  private final WriteIntake intake;
  private final RandomGenerator random;

  OrderedEvents(GatewayPorts ports, WriteIntake intake, RandomGenerator random) {
    this.ports = ports;
    this.intake = intake;
    this.random = random;
  }

  /** The row is written only if it is older, so that it changes for one claim of an instant. */
  @Override
  public Future<Claim> claim(EventName event, Instant instant, Seq basis) {
    String schema = text(event.schema());
    String name = text(event.name());
    long second = instant.getEpochSecond();
    String sql =
        "REPLACE INTO lockstep.event_run SELECT "
            + schema
            + ","
            + name
            + ","
            + second
            + " FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM lockstep.event_run WHERE event_schema="
            + schema
            + " AND event_name="
            + name
            + " AND ran>="
            + second
            + ")";
    return intake
        .submit(write(WriteKind.DML, List.of(), sql, basis))
        .map(OrderedEvents::claim)
        .recover(
            cause ->
                cause instanceof OutcomeUnknownException
                    ? Future.succeededFuture(Claim.UNKNOWN)
                    : Future.failedFuture(cause));
  }

  private static Claim claim(Applied applied) {
    return applied
        .outcome()
        .fold(
            done -> done.affected() > 0 ? Claim.TAKEN : Claim.LATE,
            failed -> {
              throw new IllegalStateException("an event cannot be claimed: " + failed.message());
            },
            refused -> isStale(refused) ? Claim.STALE : Claim.UNKNOWN);
  }

  private static boolean isStale(Outcome.Refused refused) {
    return refused.reason() == Outcome.Refused.Reason.STALE;
  }

  @Override
  public Future<Boolean> end(EventDefinition event, Seq basis) {
    String name = quoted(event.name().schema()) + "." + quoted(event.name().name());
    String sql =
        event.preserved()
            ? "ALTER DEFINER=" + account(event.definer()) + " EVENT " + name + " DISABLE"
            : "DROP EVENT " + name;
    return intake
        .submit(write(WriteKind.DDL, context(event, sql), sql, basis))
        .compose(
            applied ->
                applied
                    .outcome()
                    .fold(
                        done -> Future.succeededFuture(true),
                        failed -> Future.failedFuture(new IllegalStateException(failed.message())),
                        refused ->
                            isStale(refused)
                                ? Future.succeededFuture(false)
                                : Future.failedFuture(
                                    new OutcomeUnknownException(
                                        applied.id(), "the end of an event came up too late"))));
  }

  /** ALTER EVENT stores anew what the body is read under, so that has to be what it was. */
  private List<Setting> context(EventDefinition event, String sql) {
    Instant now = ports.timers().now();
    Setting time = new Setting("timestamp", now.getEpochSecond() + ".000000");
    return StandardCharsets.US_ASCII.newEncoder().canEncode(sql)
        ? List.of(
            time,
            new Setting("sql_mode", "'" + event.context().sqlMode() + "'"),
            new Setting("character_set_client", "'" + event.context().charset() + "'"),
            new Setting("collation_connection", "'" + event.context().collation() + "'"))
        : List.of(time, new Setting("sql_mode", "'" + event.context().sqlMode() + "'"));
  }

  /** As the definer of something; a role has no host. */
  static String account(Account account) {
    return account.host().isEmpty()
        ? quoted(account.user())
        : quoted(account.user()) + "@" + quoted(account.host());
  }

  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  private static String text(String plain) {
    return "CONVERT(" + ProcessList.hex(plain) + " USING utf8mb4)";
  }

  private Write write(WriteKind kind, List<Setting> context, String sql, Seq basis) {
    return new Write(
        new WriteId(SessionId.ofConnection(random.nextLong(), random.nextLong()), 1),
        kind,
        ports.self(),
        ports.self(),
        NOBODY,
        basis,
        List.of(new Step.Statement("", context, Bytes.utf8(sql), Optional.empty())),
        false);
  }
}
