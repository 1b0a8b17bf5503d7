package io.lockstep.mysql;

/** Follows a stream of packets just enough to know whether one has come to its end. */
final class PacketBoundary {
  private int header;
  private int headerBytes;
  private int left;
  private boolean continued;

  /** Takes the next bytes of the stream. */
  void advance(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      if (left > 0) {
        int taken = Math.min(left, bytes.length - at);
        left -= taken;
        at += taken;
      } else {
        headerByte(bytes[at++] & 0xff);
      }
    }
  }

  private void headerByte(int value) {
    if (headerBytes < 3) {
      header |= value << (8 * headerBytes);
    }
    if (++headerBytes == PacketWriter.HEADER_BYTES) {
      left = header;
      continued = header == PacketWriter.FRAME_PAYLOAD_MAX;
      header = 0;
      headerBytes = 0;
    }
  }

  /** True if the last byte was the last of a packet. */
  boolean reached() {
    return left == 0 && headerBytes == 0 && !continued;
  }
}
