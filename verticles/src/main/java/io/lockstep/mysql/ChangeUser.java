package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;

/**
 * COM_CHANGE_USER (MariaDB: COM_CHANGE_USER).
 *
 * @param answer to the salt of the connection's own handshake
 * @param database nothing for none
 * @param plugin that made the answer, empty if not named
 */
public record ChangeUser(
    String user,
    Bytes answer,
    Optional<String> database,
    int collation,
    String plugin,
    Map<String, String> attributes) {
  public ChangeUser {
    attributes = Map.copyOf(attributes);
  }

  static ChangeUser of(String user, Bytes answer, String database, int collation) {
    return new ChangeUser(
        user,
        answer,
        Optional.of(database).filter(name -> !name.isEmpty()),
        collation,
        NativePassword.PLUGIN,
        Map.of());
  }

  /** Reads what follows the command's code. */
  static ChangeUser decode(PayloadReader in, long capabilities, int collationBefore) {
    String user = in.nulTerminated().utf8();
    Bytes answer =
        Capabilities.has(capabilities, Capabilities.SECURE_CONNECTION)
            ? in.bytes(in.u8())
            : in.nulTerminated();
    String database = in.nulTerminatedOrRest().utf8();
    int collation = in.remaining() >= 2 ? in.u16() : collationBefore;
    String plugin =
        Capabilities.has(capabilities, Capabilities.PLUGIN_AUTH) && in.hasMore()
            ? in.nulTerminatedOrRest().utf8()
            : "";
    Map<String, String> attributes =
        Capabilities.has(capabilities, Capabilities.CONNECT_ATTRS) && in.hasMore()
            ? HandshakeResponse.attributes(in.lenencPart())
            : Map.of();
    return new ChangeUser(
        user,
        answer,
        Optional.of(database).filter(name -> !name.isEmpty()),
        collation,
        plugin,
        attributes);
  }

  /** The payload, code byte included. */
  Buffer encode(long capabilities) {
    PacketWriter out = new PacketWriter(0).begin();
    out.u8(CommandCode.CHANGE_USER)
        .nulTerminated(Bytes.utf8(user))
        .u8(answer.length())
        .bytes(answer)
        .nulTerminated(Bytes.utf8(database.orElse("")))
        .u16(collation)
        .nulTerminated(Bytes.utf8(plugin));
    if (Capabilities.has(capabilities, Capabilities.CONNECT_ATTRS)) {
      HandshakeResponse.writeAttributes(out, attributes);
    }
    Buffer framed = out.end().toBuffer();
    return framed.getBuffer(PacketWriter.HEADER_BYTES, framed.length());
  }
}
