package io.lockstep.applier.mariadb;

import io.lockstep.model.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Events of the binary log as a statement that executes them (MariaDB: BINLOG). */
final class BinlogText {
  /**
   * How long the fixed part of each kind of event is, by its number from 1 on, as every version
   * since 10.6 writes it (MariaDB: FORMAT_DESCRIPTION_EVENT).
   */
  private static final String FIXED_LENGTHS =
      "380d000800120004040404120000e400041a08000000080808020000000a0a0a"
          + "0000000000000a0a0a"
          + "00".repeat(118)
          + "041304000d0808080a0a0a";

  private static final int HEADER_BYTES = 19;
  private static final int VERSION_BYTES = 50;
  private static final int CHECKSUM_BYTES = 4;

  private BinlogText() {}

  /** Must come first on a connection: how the events that follow are to be read. */
  static Bytes format() {
    byte[] lengths = HexFormat.of().parseHex(FIXED_LENGTHS);
    int length = HEADER_BYTES + 2 + VERSION_BYTES + 4 + 1 + lengths.length + 1 + CHECKSUM_BYTES;
    byte[] event = new byte[length];
    event[4] = 15;
    event[9] = (byte) length;
    event[HEADER_BYTES] = 4;
    byte[] version = "10.6.0-MariaDB".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(version, 0, event, HEADER_BYTES + 2, version.length);
    int at = HEADER_BYTES + 2 + VERSION_BYTES + 4;
    event[at] = HEADER_BYTES;
    System.arraycopy(lengths, 0, event, at + 1, lengths.length);
    return of(List.of(Bytes.owning(event)));
  }

  static Bytes of(List<Bytes> events) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    events.forEach(event -> all.writeBytes(event.view()));
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes("BINLOG '".getBytes(StandardCharsets.US_ASCII));
    text.writeBytes(Base64.getEncoder().encode(all.toByteArray()));
    text.write('\'');
    return Bytes.owning(text.toByteArray());
  }
}
