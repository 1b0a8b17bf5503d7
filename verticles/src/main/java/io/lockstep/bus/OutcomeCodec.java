package io.lockstep.bus;

import io.lockstep.model.Outcome;
import io.lockstep.model.Warning;
import java.util.List;

/** Version 1: a tag, then the case's own fields. Tags and reasons are never reused. */
public final class OutcomeCodec implements BodyCodec<Outcome> {
  private static final int VERSION = 1;
  private static final int DONE = 1;
  private static final int FAILED = 2;
  private static final int REFUSED = 3;
  private static final int FAILED_WITH_LINES = 4;
  private static final int STALE = 1;
  private static final int EXPIRED = 2;
  private static final int KEY_REUSED = 3;
  private static final int CONFLICT = 4;
  private static final int TEXT_BYTES_MAX = 1 << 16;

  @Override
  public void write(BodyWriter out, Outcome message) {
    out.u8(VERSION);
    message.fold(
        done -> done(out.u8(DONE), done),
        failed -> failed(out.u8(failed.lines().isEmpty() ? FAILED : FAILED_WITH_LINES), failed),
        refused -> out.u8(REFUSED).u8(code(refused.reason())));
  }

  @Override
  public Outcome read(BodyReader in) {
    in.expectVersion(VERSION);
    int tag = in.u8();
    return switch (tag) {
      case DONE -> done(in);
      case FAILED -> new Outcome.Failed(in.u16(), in.text(5), in.text(TEXT_BYTES_MAX));
      case FAILED_WITH_LINES ->
          new Outcome.Failed(in.u16(), in.text(5), in.text(TEXT_BYTES_MAX), lines(in));
      case REFUSED -> new Outcome.Refused(reason(in.u8()));
      default -> throw new MalformedBodyException("no outcome has the tag " + tag);
    };
  }

  private static BodyWriter failed(BodyWriter out, Outcome.Failed failed) {
    out.u16(failed.code()).text(failed.sqlState()).text(failed.message());
    return failed.lines().isEmpty() ? out : lines(out, failed.lines());
  }

  private static BodyWriter lines(BodyWriter out, List<Warning> lines) {
    return out.list(
        lines,
        (to, warning) -> to.text(warning.level()).u16(warning.code()).text(warning.message()));
  }

  private static List<Warning> lines(BodyReader in) {
    return in.list(
        Warning.WARNINGS_MAX,
        from -> new Warning(from.text(32), from.u16(), from.text(TEXT_BYTES_MAX)));
  }

  private static BodyWriter done(BodyWriter out, Outcome.Done done) {
    out.i64(done.affected())
        .i64(done.lastInsertId())
        .u16(done.warningCount())
        .text(done.info())
        .u16(done.statusFlags());
    return lines(out, done.warnings()).list(done.packets(), BodyWriter::bytes);
  }

  private static Outcome.Done done(BodyReader in) {
    return new Outcome.Done(
        in.i64(),
        in.i64(),
        in.u16(),
        in.text(TEXT_BYTES_MAX),
        in.u16(),
        lines(in),
        in.list(Outcome.Done.PACKETS_MAX, from -> from.bytes(Outcome.Done.PACKET_BYTES_MAX)));
  }

  private static int code(Outcome.Refused.Reason reason) {
    return switch (reason) {
      case STALE -> STALE;
      case EXPIRED -> EXPIRED;
      case KEY_REUSED -> KEY_REUSED;
      case CONFLICT -> CONFLICT;
    };
  }

  private static Outcome.Refused.Reason reason(int code) {
    return switch (code) {
      case STALE -> Outcome.Refused.Reason.STALE;
      case EXPIRED -> Outcome.Refused.Reason.EXPIRED;
      case KEY_REUSED -> Outcome.Refused.Reason.KEY_REUSED;
      case CONFLICT -> Outcome.Refused.Reason.CONFLICT;
      default -> throw new MalformedBodyException("no reason to refuse has the code " + code);
    };
  }
}
