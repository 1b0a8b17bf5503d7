package io.lockstep.mysql;

import io.lockstep.model.Require;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How to connect to a database.
 *
 * @param address host and port, or a unix domain socket
 * @param capabilities flags of {@link Capabilities#RELAYED}; others are ignored
 * @param collation the id that the session begins with (character set of client, connection and
 *     results)
 * @param timeout for connecting and logging in together
 * @param replyBytesMax the longest reply that is collected; relayed replies have no bound
 * @param tls whether the connection is encrypted; the database's certificate is not looked at
 */
public record BackendOptions(
    SocketAddress address,
    String user,
    BackendCredential credential,
    Optional<String> database,
    long capabilities,
    int collation,
    Optional<ProxyHeader> proxy,
    Duration timeout,
    long replyBytesMax,
    Map<String, String> attributes,
    boolean tls) {
  public static final Duration TIMEOUT = Duration.ofSeconds(10);
  public static final long REPLY_BYTES_MAX = 64L << 20;

  public BackendOptions {
    Require.that(collation > 0 && collation < 256, "a handshake's collation id is 1 to 255");
    Require.that(!timeout.isNegative() && !timeout.isZero(), "a timeout is positive");
    Require.that(replyBytesMax > 0, "a bound is positive");
    attributes = Map.copyOf(attributes);
  }

  /** MULTI_STATEMENTS and MULTI_RESULTS, utf8mb4, no schema, the default bounds. */
  public static BackendOptions of(
      SocketAddress address, String user, BackendCredential credential) {
    return new BackendOptions(
        address,
        user,
        credential,
        Optional.empty(),
        Capabilities.MULTI_STATEMENTS | Capabilities.MULTI_RESULTS | Capabilities.PS_MULTI_RESULTS,
        Collations.UTF8MB4_GENERAL_CI,
        Optional.empty(),
        TIMEOUT,
        REPLY_BYTES_MAX,
        Map.of("program_name", "lockstep"),
        false);
  }

  public BackendOptions withDatabase(Optional<String> newDatabase) {
    return new BackendOptions(
        address,
        user,
        credential,
        newDatabase,
        capabilities,
        collation,
        proxy,
        timeout,
        replyBytesMax,
        attributes,
        tls);
  }

  public BackendOptions withCapabilities(long newCapabilities) {
    return new BackendOptions(
        address,
        user,
        credential,
        database,
        newCapabilities,
        collation,
        proxy,
        timeout,
        replyBytesMax,
        attributes,
        tls);
  }

  public BackendOptions withCollation(int newCollation) {
    return new BackendOptions(
        address,
        user,
        credential,
        database,
        capabilities,
        newCollation,
        proxy,
        timeout,
        replyBytesMax,
        attributes,
        tls);
  }

  public BackendOptions withProxy(ProxyHeader header) {
    return new BackendOptions(
        address,
        user,
        credential,
        database,
        capabilities,
        collation,
        Optional.of(header),
        timeout,
        replyBytesMax,
        attributes,
        tls);
  }

  public BackendOptions withTimeout(Duration newTimeout) {
    return new BackendOptions(
        address,
        user,
        credential,
        database,
        capabilities,
        collation,
        proxy,
        newTimeout,
        replyBytesMax,
        attributes,
        tls);
  }

  public BackendOptions withReplyBytesMax(long newMax) {
    return new BackendOptions(
        address,
        user,
        credential,
        database,
        capabilities,
        collation,
        proxy,
        timeout,
        newMax,
        attributes,
        tls);
  }

  /** Encrypted, for an account that demands it. */
  public BackendOptions withTls(boolean wanted) {
    return new BackendOptions(
        address,
        user,
        credential,
        database,
        capabilities,
        collation,
        proxy,
        timeout,
        replyBytesMax,
        attributes,
        wanted);
  }
}
