package io.lockstep.gateway.locks;

import io.lockstep.model.Bytes;

/**
 * A user lock that is held, as the order keeps it.
 *
 * @param name in UTF-8; names are compared byte by byte
 * @param gateway who answers for the session, and renews its stamps while it lives
 * @param holder the session's connection id
 * @param stamp another with every renewal
 */
public record LockRow(Bytes name, String gateway, long holder, long stamp) {}
