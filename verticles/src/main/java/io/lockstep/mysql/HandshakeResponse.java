package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a client answers to the initial handshake (MariaDB: Connection, Handshake Response Packet).
 *
 * @param capabilities with MariaDB's own; a client with LONG_PASSWORD, which is CLIENT_MYSQL, has
 *     none of these
 * @param packetMax what the client says of its own bound, in bytes
 * @param answer the plugin's answer, empty for no password
 * @param database the schema to begin with; nothing if the client named none or an empty one
 * @param plugin the plugin that made the answer, empty if the client named none
 * @param attributes connection attributes, at most {@value #ATTRIBUTES_MAX}
 */
public record HandshakeResponse(
    long capabilities,
    long packetMax,
    int collation,
    String user,
    Bytes answer,
    Optional<String> database,
    String plugin,
    Map<String, String> attributes) {
  /** Attributes past this number are malformed: no driver sends as many. */
  public static final int ATTRIBUTES_MAX = 256;

  private static final int RESERVED_BYTES = 19;

  /** A packet of this length that asks for SSL is an SSLRequest, not a response. */
  private static final int SSL_REQUEST_BYTES = 32;

  public HandshakeResponse {
    attributes = Map.copyOf(attributes);
  }

  /** True for an SSLRequest: the client wants TLS before it says who it is. */
  public static boolean asksForTls(Buffer payload) {
    return payload.length() == SSL_REQUEST_BYTES
        && Capabilities.has(payload.getIntLE(0), Capabilities.SSL);
  }

  /**
   * Reads a client's response. Flags that were not offered are ignored for the meaning of the
   * fields only if the client could not have known them; the effective flags are the caller's to
   * mask with what it offered.
   *
   * @throws ProtocolException 1043 for a client older than protocol 4.1, 1835 for anything
   *     malformed
   */
  public static HandshakeResponse decode(Buffer payload) {
    PayloadReader in = new PayloadReader(payload);
    long lower = in.u32();
    if (!Capabilities.has(lower, Capabilities.PROTOCOL_41)) {
      throw ProtocolException.badHandshake("the client is older than protocol 4.1");
    }
    long packetMax = in.u32();
    int collation = in.u8();
    in.skip(RESERVED_BYTES);
    long capabilities = Capabilities.of(lower, in.u32());
    String user = in.nulTerminated().utf8();
    Bytes answer = answer(in, capabilities);
    String database =
        Capabilities.has(capabilities, Capabilities.CONNECT_WITH_DB) && in.hasMore()
            ? in.nulTerminatedOrRest().utf8()
            : "";
    String plugin =
        Capabilities.has(capabilities, Capabilities.PLUGIN_AUTH) && in.hasMore()
            ? in.nulTerminatedOrRest().utf8()
            : "";
    Map<String, String> attributes =
        Capabilities.has(capabilities, Capabilities.CONNECT_ATTRS) && in.hasMore()
            ? attributes(in.lenencPart())
            : Map.of();
    return new HandshakeResponse(
        capabilities,
        packetMax,
        collation,
        user,
        answer,
        Optional.of(database).filter(name -> !name.isEmpty()),
        plugin,
        attributes);
  }

  public PacketWriter encode(PacketWriter out) {
    long flags = capabilities & ~Capabilities.CONNECT_WITH_DB;
    flags |= database.isPresent() ? Capabilities.CONNECT_WITH_DB : 0;
    out.begin()
        .u32(flags)
        .u32(packetMax)
        .u8(collation)
        .zeros(RESERVED_BYTES)
        .u32(Capabilities.upper(flags))
        .nulTerminated(Bytes.utf8(user));
    if (Capabilities.has(flags, Capabilities.PLUGIN_AUTH_LENENC_DATA)) {
      out.lenencBytes(answer);
    } else {
      out.u8(answer.length()).bytes(answer);
    }
    database.ifPresent(name -> out.nulTerminated(Bytes.utf8(name)));
    if (Capabilities.has(flags, Capabilities.PLUGIN_AUTH)) {
      out.nulTerminated(Bytes.utf8(plugin));
    }
    if (Capabilities.has(flags, Capabilities.CONNECT_ATTRS)) {
      writeAttributes(out, attributes);
    }
    return out.end();
  }

  /** What a client sends in the response's place before it turns to TLS, framed. */
  static Buffer tlsRequest(long capabilities, long packetMax, int sequence) {
    return new PacketWriter(sequence)
        .begin()
        .u32(capabilities)
        .u32(packetMax)
        .u8(Collations.UTF8MB4_GENERAL_CI)
        .zeros(RESERVED_BYTES)
        .u32(Capabilities.upper(capabilities))
        .end()
        .toBuffer();
  }

  static void writeAttributes(PacketWriter out, Map<String, String> attributes) {
    PacketWriter part = new PacketWriter(0).begin();
    attributes.forEach((name, value) -> part.lenencUtf8(name).lenencUtf8(value));
    Buffer framed = part.end().toBuffer();
    out.lenenc(framed.length() - PacketWriter.HEADER_BYTES)
        .bytes(framed.getBytes(PacketWriter.HEADER_BYTES, framed.length()));
  }

  static Map<String, String> attributes(PayloadReader in) {
    Map<String, String> attributes = new LinkedHashMap<>();
    while (in.hasMore()) {
      if (attributes.size() == ATTRIBUTES_MAX) {
        throw ProtocolException.malformed("too many connection attributes");
      }
      attributes.put(in.lenencBytes().utf8(), in.lenencBytes().utf8());
    }
    return attributes;
  }

  private static Bytes answer(PayloadReader in, long capabilities) {
    if (Capabilities.has(capabilities, Capabilities.PLUGIN_AUTH_LENENC_DATA)) {
      return in.lenencBytes();
    }
    return Capabilities.has(capabilities, Capabilities.SECURE_CONNECTION)
        ? in.bytes(in.u8())
        : in.nulTerminated();
  }
}
