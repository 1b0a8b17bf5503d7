package io.lockstep.model;

/**
 * Asks a node for a procedure of its own in the place of one that ends transactions itself.
 *
 * @param procedure that a client calls
 * @param definitions the last change of definitions that the asker knows of
 * @param autocommit of the client's session
 * @param caller the account that calls it
 * @param defines whether the asker orders definitions while the procedure waits
 */
public record ProcedureAsked(
    TableName procedure, Seq definitions, boolean autocommit, Account caller, boolean defines) {}
