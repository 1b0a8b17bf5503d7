package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.Require;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import java.util.Optional;

/**
 * One statement for {@link StatementService}, run in a session of its own.
 *
 * @param database the default schema, empty for none
 * @param sql one statement in UTF-8, parameters already bound as literals
 * @param idempotent the id of this write in a keyed session ({@link SessionId#isKeyed}), which
 *     stays the same when the write is analysed again: a repetition is answered as the first and
 *     changes nothing, without being analysed; another write under the same session fails with
 *     {@link KeyReusedException}
 * @param readOnly a statement that would have to be ordered is refused with 1792 instead
 * @param notBefore the consistency token: a read sees at least every write up to this seq
 */
public record StatementRequest(
    Identity identity,
    String database,
    Bytes sql,
    Optional<WriteId> idempotent,
    boolean readOnly,
    Seq notBefore) {
  public StatementRequest {
    Require.that(sql.length() > 0, "a request has a statement");
    Require.that(sql.length() <= Write.BYTES_MAX, "a statement has at most 64 MiB");
    Require.that(
        idempotent.map(WriteId::session).map(SessionId::isKeyed).orElse(true),
        "an idempotent write belongs to a keyed session");
  }
}
