package io.lockstep.gateway;

import io.lockstep.mysql.HandshakeResponse;

/**
 * A client whose password was right and who waits for the answer to its login.
 *
 * @param capabilities what both sides have
 * @param nextSequence the sequence id of the answer
 */
record LoggedIn(
    Identity identity, HandshakeResponse response, long capabilities, int nextSequence) {}
