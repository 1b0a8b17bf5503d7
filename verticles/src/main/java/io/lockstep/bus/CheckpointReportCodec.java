package io.lockstep.bus;

import io.lockstep.model.Bytes;
import io.lockstep.model.CheckpointReport;
import io.lockstep.model.Seq;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Version 1: node, id, seq, and the checksums in the order of their names. */
public final class CheckpointReportCodec implements BodyCodec<CheckpointReport> {
  private static final int VERSION = 1;
  private static final int NAME_BYTES_MAX = 1_024;
  private static final int CHECKSUM_BYTES_MAX = 1_024;

  @Override
  public void write(BodyWriter out, CheckpointReport message) {
    out.u8(VERSION).node(message.node()).text(message.checkpoint()).var(message.seq().value());
    out.list(
        List.copyOf(message.sorted().entrySet()),
        (to, sum) -> to.text(sum.getKey()).bytes(sum.getValue()));
  }

  @Override
  public CheckpointReport read(BodyReader in) {
    in.expectVersion(VERSION);
    return new CheckpointReport(
        in.node(), in.text(4 * CheckpointReport.ID_LENGTH_MAX), new Seq(in.var()), checksums(in));
  }

  private static Map<String, Bytes> checksums(BodyReader in) {
    Map<String, Bytes> checksums = new LinkedHashMap<>();
    in.list(
            CheckpointReport.CHECKSUMS_MAX,
            from -> Map.entry(from.text(NAME_BYTES_MAX), from.bytes(CHECKSUM_BYTES_MAX)))
        .forEach(sum -> checksums.put(sum.getKey(), sum.getValue()));
    return checksums;
  }
}
