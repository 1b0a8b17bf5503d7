package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.Require;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.Write;
import java.util.Optional;

/**
 * One statement for {@link StatementService}, run in a session of its own.
 *
 * @param database the default schema, empty for none
 * @param sql one statement in UTF-8, parameters already bound as literals
 * @param idempotent the session whose first write this is: a repetition under the same id is
 *     answered as the first and changes nothing
 * @param notBefore the consistency token: a read sees at least every write up to this seq
 */
public record StatementRequest(
    Identity identity, String database, Bytes sql, Optional<SessionId> idempotent, Seq notBefore) {
  public StatementRequest {
    Require.that(sql.length() > 0, "a request has a statement");
    Require.that(sql.length() <= Write.SQL_BYTES_MAX, "a statement has at most 64 MiB");
  }
}
