package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;

/** Bytes as the tests write them: hexadecimal, spaces as you like. */
final class Hex {
  private Hex() {}

  static Buffer buffer(String hex) {
    return Buffer.buffer(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  static Bytes bytes(String hex) {
    return Bytes.owning(buffer(hex).getBytes());
  }

  static String of(Buffer buffer) {
    return HexFormat.of().formatHex(buffer.getBytes());
  }

  static Buffer payload(PacketWriter framed) {
    Buffer whole = framed.toBuffer();
    return whole.getBuffer(PacketWriter.HEADER_BYTES, whole.length());
  }
}
