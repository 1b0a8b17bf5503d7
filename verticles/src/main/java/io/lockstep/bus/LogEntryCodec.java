package io.lockstep.bus;

import io.lockstep.model.LogEntry;
import io.lockstep.model.Seq;
import io.lockstep.model.Term;

/** Version 1: term, first seq, the writes. This is what the ordered log holds. */
public final class LogEntryCodec implements BodyCodec<LogEntry> {
  private static final int VERSION = 1;
  private static final WriteCodec WRITE = new WriteCodec();

  @Override
  public void write(BodyWriter out, LogEntry message) {
    out.u8(VERSION)
        .var(message.term().value())
        .var(message.firstSeq().value())
        .list(message.writes(), (to, write) -> to.message(WRITE, write));
  }

  @Override
  public LogEntry read(BodyReader in) {
    in.expectVersion(VERSION);
    return new LogEntry(
        new Term(in.var()),
        new Seq(in.var()),
        in.list(LogEntry.WRITES_MAX, from -> from.message(WRITE)));
  }
}
