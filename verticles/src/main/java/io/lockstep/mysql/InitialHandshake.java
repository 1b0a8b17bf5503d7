package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;

/**
 * The first packet of a server (MariaDB: Connection, Initial Handshake Packet), protocol version
 * 10.
 *
 * @param connectionId the id that KILL takes; 32 bits, unsigned
 * @param salt the plugin's challenge, twenty bytes for native passwords
 * @param capabilities with MariaDB's own; of a server with LONG_PASSWORD, which is CLIENT_MYSQL,
 *     there are none of these
 * @param collation the server's default collation id
 * @param plugin the authentication plugin, empty for a server without plugins
 */
public record InitialHandshake(
    String serverVersion,
    long connectionId,
    Bytes salt,
    long capabilities,
    int collation,
    int status,
    String plugin) {
  private static final int PROTOCOL = 10;
  private static final int SALT_HEAD_BYTES = 8;
  private static final int RESERVED_BYTES = 10;

  public static InitialHandshake decode(Buffer payload) {
    PayloadReader in = new PayloadReader(payload);
    int protocol = in.u8();
    if (protocol != PROTOCOL) {
      throw ProtocolException.badHandshake("protocol version " + protocol);
    }
    String version = in.nulTerminated().utf8();
    long id = in.u32();
    String head = in.bytes(SALT_HEAD_BYTES).latin1();
    in.skip(1);
    long lower = in.u16();
    int collation = in.u8();
    int status = in.u16();
    lower |= (long) in.u16() << 16;
    int saltLength = in.u8();
    in.skip(RESERVED_BYTES - Integer.BYTES);
    long capabilities = Capabilities.of(lower, in.u32());
    String tail = "";
    if (Capabilities.has(capabilities, Capabilities.SECURE_CONNECTION)) {
      // The length counts the zero byte at the end, which is no part of the salt.
      int length = Math.max(12, saltLength - SALT_HEAD_BYTES - 1);
      tail = in.bytes(length).latin1();
      in.skip(Math.min(1, in.remaining()));
    }
    String plugin =
        Capabilities.has(capabilities, Capabilities.PLUGIN_AUTH)
            ? in.nulTerminatedOrRest().utf8()
            : "";
    return new InitialHandshake(
        version, id, Bytes.ofLatin1(head + tail), capabilities, collation, status, plugin);
  }

  public PacketWriter encode(PacketWriter out) {
    String challenge = salt.latin1();
    return out.begin()
        .u8(PROTOCOL)
        .nulTerminated(Bytes.utf8(serverVersion))
        .u32(connectionId)
        .bytes(Bytes.ofLatin1(challenge.substring(0, SALT_HEAD_BYTES)))
        .u8(0)
        .u16((int) capabilities)
        .u8(collation)
        .u16(status)
        .u16((int) (capabilities >>> 16))
        .u8(salt.length() + 1)
        .zeros(RESERVED_BYTES - Integer.BYTES)
        .u32(Capabilities.upper(capabilities))
        .nulTerminated(Bytes.ofLatin1(challenge.substring(SALT_HEAD_BYTES)))
        .nulTerminated(Bytes.utf8(plugin))
        .end();
  }
}
