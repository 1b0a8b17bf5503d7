package io.lockstep.model;

import java.util.List;
import java.util.Optional;

/**
 * The unit that is ordered: one autocommit statement with everything its effect depends on.
 *
 * @param id names the write for ever; the log may hold it more than once, it is applied once
 * @param kind how the applier must run it
 * @param gateway the node whose gateway waits for the outcome
 * @param master the node whose outcome answers the client
 * @param account on whose behalf it runs; already authorised by the gateway
 * @param schema the default schema, empty for none
 * @param basis the last seq applied at the gateway's node when the statement was analysed; if a
 *     write that changes definitions was ordered after it, the outcome is {@link Outcome.Refused}
 *     as stale
 * @param context the session settings that its effect depends on, in the order to be assigned;
 *     those of {@link SettingDefaults} that it does not name have their default there
 * @param sql one statement, in the character set of the context's {@code character_set_client}
 * @param ids the AUTO_INCREMENT ids it draws
 * @param foundRows whether the client counts matched instead of changed rows (CLIENT_FOUND_ROWS)
 */
public record Write(
    WriteId id,
    WriteKind kind,
    NodeId gateway,
    NodeId master,
    Account account,
    String schema,
    Seq basis,
    List<Setting> context,
    Bytes sql,
    Optional<IdDraw> ids,
    boolean foundRows) {
  /** Longest statement, in bytes. A log entry holds at least one write whole. */
  public static final int SQL_BYTES_MAX = 64 << 20;

  public static final int SETTINGS_MAX = 256;
  public static final int SCHEMA_LENGTH_MAX = 64;

  public Write {
    context = List.copyOf(context);
    Require.that(sql.length() > 0, "a write has a statement");
    Require.that(sql.length() <= SQL_BYTES_MAX, "a statement has at most 64 MiB");
    Require.that(context.size() <= SETTINGS_MAX, "a write has at most 256 settings");
    Require.that(
        sql.length() + context.stream().mapToLong(Setting::length).sum() <= SQL_BYTES_MAX,
        "a statement and its settings have at most 64 MiB");
    Require.that(schema.length() <= SCHEMA_LENGTH_MAX, "a schema name has at most 64 characters");
  }

  /** The same write, asked for on behalf of a session that has moved to another master. */
  public Write servedBy(NodeId otherMaster) {
    return new Write(
        id, kind, gateway, otherMaster, account, schema, basis, context, sql, ids, foundRows);
  }
}
