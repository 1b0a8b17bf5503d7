package io.lockstep.sql;

import io.lockstep.model.Account;
import io.lockstep.model.Seq;
import java.util.Optional;

/**
 * What a verdict needs to know of the session.
 *
 * @param schema the default schema, empty for none
 * @param account what {@code CURRENT_USER()} answers
 * @param user what {@code USER()} answers: name, {@code @}, and the host the client came from
 * @param role what {@code CURRENT_ROLE()} answers
 * @param definitions the last change of definitions that the session's master has applied
 */
public record SessionFacts(
    String schema, Account account, String user, Optional<String> role, Seq definitions) {}
