package io.lockstep.model;

/**
 * A wish to end a client's session, or what it runs.
 *
 * @param id the connection id that the client was told
 * @param queryOnly whether the session goes on afterwards
 * @param user who asks
 * @param anybody whether the asker may end sessions of other users
 */
public record KillAsked(long id, boolean queryOnly, String user, boolean anybody) {}
