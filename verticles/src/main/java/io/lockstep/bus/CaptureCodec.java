package io.lockstep.bus;

import io.lockstep.model.Capture;

/** Version 1: a tag, then the case's own fields. Tags are never reused. */
public final class CaptureCodec implements BodyCodec<Capture> {
  private static final int VERSION = 1;
  private static final int ROWS = 1;
  private static final int UNUSABLE = 2;
  private static final int NAME_BYTES_MAX = 256;
  private static final int REASON_BYTES_MAX = 4_096;

  @Override
  public void write(BodyWriter out, Capture message) {
    out.u8(VERSION);
    message.fold(
        rows ->
            out.u8(ROWS)
                .list(
                    rows.parts(),
                    (to, part) -> to.text(part.name()).list(part.events(), BodyWriter::bytes)),
        unusable -> out.u8(UNUSABLE).text(unusable.reason()));
  }

  private static Capture.Part part(BodyReader in) {
    return new Capture.Part(
        in.text(NAME_BYTES_MAX),
        in.list(Capture.Part.EVENTS_MAX, from -> from.bytes(Capture.Rows.BYTES_MAX)));
  }

  @Override
  public Capture read(BodyReader in) {
    in.expectVersion(VERSION);
    int tag = in.u8();
    return switch (tag) {
      case ROWS -> new Capture.Rows(in.list(Capture.Rows.PARTS_MAX, CaptureCodec::part));
      case UNUSABLE -> new Capture.Unusable(in.text(REASON_BYTES_MAX));
      default -> throw new MalformedBodyException("no capture has the tag " + tag);
    };
  }
}
