package io.lockstep.mysql;

/**
 * What two sides of a connection have agreed on.
 *
 * @param version of the protocol, such as TLSv1.3
 * @param cipher its name
 */
public record TlsSession(String version, String cipher) {}
