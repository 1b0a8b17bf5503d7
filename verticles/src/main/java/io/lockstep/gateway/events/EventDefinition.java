package io.lockstep.gateway.events;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import java.time.Instant;

/**
 * An event that is enabled, as one node's database has it.
 *
 * @param definer whose rights it has
 * @param changed when it was made or altered, to the second
 * @param preserved whether it stays, disabled, when it is over
 * @param context what its body was written under
 * @param body in the character set of its context
 */
public record EventDefinition(
    EventName name,
    Account definer,
    Schedule schedule,
    Instant changed,
    boolean preserved,
    Context context,
    Bytes body) {
  /** Settings by the server's names and values. */
  public record Context(String timeZone, String sqlMode, String charset, String collation) {}
}
