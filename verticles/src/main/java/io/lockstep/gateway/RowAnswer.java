package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.PacketWriter;
import io.lockstep.mysql.RelaySink;
import io.lockstep.mysql.ReplySummary;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/** Takes the answer to one statement apart for a {@link RowSink}. */
final class RowAnswer implements Answer {
  private final ResultReader reader;
  private Optional<MySqlError> error = Optional.empty();
  private Outcome.Done done = Outcome.Done.ok();
  private boolean begun;

  RowAnswer(RowSink rows) {
    this.reader = new ResultReader(rows);
  }

  Optional<MySqlError> failure() {
    return error;
  }

  /** What it did, as far as the answer tells. */
  Outcome.Done done() {
    return done;
  }

  /** Completes when every row was taken. */
  Future<Void> taken() {
    return reader.taken();
  }

  @Override
  public void ok(OkPacket ok) {
    done =
        new Outcome.Done(
            ok.affected(),
            ok.insertId(),
            ok.warnings(),
            ok.info(),
            ok.status(),
            List.of(),
            List.of());
  }

  @Override
  public void error(MySqlError told) {
    error = Optional.of(told);
  }

  @Override
  public void packets(List<Bytes> payloads) {
    begun = true;
    PacketWriter out = new PacketWriter(1);
    payloads.forEach(out::packet);
    reader.frames(out.toBuffer());
  }

  @Override
  public Optional<RelaySink> stream() {
    return Optional.of(new Noting());
  }

  @Override
  public Future<Void> streamed(ReplySummary summary) {
    error = summary.error();
    summary.ending().ok().filter(ok -> !begun).ifPresent(this::ok);
    if (begun) {
      done = new Outcome.Done(0, 0, summary.warnings(), "", summary.status(), List.of(), List.of());
    }
    return Future.succeededFuture();
  }

  @Override
  public boolean begun() {
    return begun;
  }

  private final class Noting implements RelaySink {
    @Override
    public void frames(Buffer frames) {
      begun = true;
      reader.frames(frames);
    }

    @Override
    public boolean full() {
      return reader.full();
    }

    @Override
    public void whenDrained(Runnable resume) {
      reader.whenDrained(resume);
    }
  }
}
