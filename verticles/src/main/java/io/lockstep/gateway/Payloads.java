package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** Takes small framed packets apart again. */
final class Payloads {
  private static final int HEADER = 4;

  private Payloads() {}

  /** The payload of each packet, none of which is longer than one frame. */
  static List<Bytes> of(Buffer framed) {
    List<Bytes> payloads = new ArrayList<>();
    for (int at = 0; at < framed.length(); ) {
      int length = framed.getUnsignedMediumLE(at);
      payloads.add(Bytes.owning(framed.getBytes(at + HEADER, at + HEADER + length)));
      at += HEADER + length;
    }
    return payloads;
  }
}
