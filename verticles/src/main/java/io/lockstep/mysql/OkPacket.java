package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;

/**
 * An OK packet (MariaDB: OK_Packet).
 *
 * @param affected changed or, with CLIENT_FOUND_ROWS, matched rows; unsigned
 * @param insertId the first id that was drawn, 0 for none; unsigned
 * @param status flags of {@link ServerStatus}
 * @param info such as {@code Rows matched: 1 Changed: 1 Warnings: 0}, empty for none
 * @param sessionState the undecoded session-state changes; sent only to who has SESSION_TRACK
 */
public record OkPacket(
    long affected, long insertId, int status, int warnings, String info, Bytes sessionState) {
  public static OkPacket of(long affected, long insertId, int status, int warnings, String info) {
    return new OkPacket(affected, insertId, status, warnings, info, Bytes.EMPTY);
  }

  /** A plain OK. */
  public static OkPacket of(int status) {
    return of(0, 0, status, 0, "");
  }

  public OkPacket withStatus(int newStatus) {
    return new OkPacket(affected, insertId, newStatus, warnings, info, sessionState);
  }

  public OkPacket withAffected(long rows) {
    return new OkPacket(rows, insertId, status, warnings, info, sessionState);
  }

  /** The same with what {@code other} tells of the session's state. */
  public OkPacket withStateOf(OkPacket other) {
    int changed = other.status & ServerStatus.SESSION_STATE_CHANGED;
    return new OkPacket(affected, insertId, status | changed, warnings, info, other.sessionState);
  }

  public OkPacket withoutSessionState() {
    int rest = status & ~ServerStatus.SESSION_STATE_CHANGED;
    return new OkPacket(affected, insertId, rest, warnings, info, Bytes.EMPTY);
  }

  /** Reads a payload that begins with the OK marker (0x00). */
  public static OkPacket decode(Buffer payload, long capabilities) {
    return decode(payload, 0, payload.length(), capabilities);
  }

  static OkPacket decode(Buffer in, int from, int end, long capabilities) {
    PayloadReader reader = new PayloadReader(in, from, end);
    if (reader.u8() != 0) {
      throw ProtocolException.malformed("not an OK packet");
    }
    long affected = reader.lenenc();
    long insertId = reader.lenenc();
    int status = reader.u16();
    int warnings = reader.u16();
    String info = reader.hasMore() ? reader.lenencBytes().utf8() : "";
    Bytes state =
        reader.hasMore()
                && Capabilities.has(capabilities, Capabilities.SESSION_TRACK)
                && ServerStatus.has(status, ServerStatus.SESSION_STATE_CHANGED)
            ? reader.lenencBytes()
            : Bytes.EMPTY;
    return new OkPacket(affected, insertId, status, warnings, info, state);
  }

  /** Appends the packet for a peer with {@code capabilities}. */
  public PacketWriter encode(PacketWriter out, long capabilities) {
    boolean tracked =
        Capabilities.has(capabilities, Capabilities.SESSION_TRACK)
            && ServerStatus.has(status, ServerStatus.SESSION_STATE_CHANGED);
    int flags = tracked ? status : status & ~ServerStatus.SESSION_STATE_CHANGED;
    out.begin().u8(0).lenenc(affected).lenenc(insertId).u16(flags).u16(Math.min(warnings, 0xffff));
    if (tracked || !info.isEmpty()) {
      out.lenencUtf8(info);
    }
    if (tracked) {
      out.lenencBytes(sessionState);
    }
    return out.end();
  }
}
