package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.ColumnDefinition;
import io.lockstep.mysql.PacketReader;
import io.lockstep.mysql.PayloadReader;
import io.lockstep.mysql.RelaySink;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decodes the first result set of a streamed reply, row by row, no faster than its taker. Lives on
 * the session's context.
 */
final class ResultReader implements RelaySink {
  private static final int PACKET_MAX = 1 << 30;
  private static final int EOF = 0xfe;
  private static final int EOF_LENGTH_LIMIT = 9;

  private enum Phase {
    COUNT,
    DEFINITIONS,
    DEFINITIONS_END,
    ROWS,
    REST
  }

  private final RowSink rows;
  private final PacketReader reader = new PacketReader(PACKET_MAX, 1, (p, next) -> packet(p));
  private final List<RowSink.Column> columns = new ArrayList<>();
  private final Promise<Void> failed = Promise.promise();
  private Phase phase = Phase.COUNT;
  private int columnsLeft;
  private boolean waiting;
  private Optional<Runnable> resume = Optional.empty();
  private Optional<Promise<Void>> finished = Optional.empty();

  ResultReader(RowSink rows) {
    this.rows = rows;
    reader.replyPhase();
  }

  /** Completes when every row that has come was taken; fails when the taker failed. */
  Future<Void> taken() {
    if (failed.future().failed()) {
      return failed.future();
    }
    if (!waiting) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    finished = Optional.of(promise);
    return promise.future();
  }

  @Override
  public void frames(Buffer frames) {
    // The buffer may be a view of one that is used again: rows may wait longer than that.
    reader.feed(waiting ? frames.copy() : frames);
  }

  @Override
  public boolean full() {
    return waiting;
  }

  @Override
  public void whenDrained(Runnable action) {
    if (waiting) {
      resume = Optional.of(action);
    } else {
      action.run();
    }
  }

  private void packet(Buffer payload) {
    switch (phase) {
      case COUNT -> {
        columnsLeft = (int) new PayloadReader(payload).lenenc();
        phase = Phase.DEFINITIONS;
      }
      case DEFINITIONS -> definition(payload);
      case DEFINITIONS_END -> {
        rows.columns(List.copyOf(columns));
        phase = Phase.ROWS;
      }
      case ROWS -> row(payload);
      case REST -> {}
    }
  }

  private void definition(Buffer payload) {
    ColumnDefinition one = ColumnDefinition.decode(payload);
    columns.add(
        new RowSink.Column(
            one.name(), one.type(), one.collation(), one.length(), one.flags(), one.decimals()));
    phase = --columnsLeft == 0 ? Phase.DEFINITIONS_END : phase;
  }

  private void row(Buffer payload) {
    if (payload.getUnsignedByte(0) == EOF && payload.length() < EOF_LENGTH_LIMIT) {
      phase = Phase.REST;
      return;
    }
    PayloadReader in = new PayloadReader(payload);
    List<Optional<Bytes>> values = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      values.add(in.nullMarker() ? Optional.empty() : Optional.of(in.lenencBytes()));
    }
    Future<Void> taking = rows.row(values);
    if (taking.succeeded()) {
      return;
    }
    waiting = true;
    reader.pause();
    taking.onSuccess(taken -> goOn()).onFailure(this::stop);
  }

  private void goOn() {
    waiting = false;
    reader.resume();
    if (!waiting) {
      resume.ifPresent(Runnable::run);
      resume = Optional.empty();
      finished.ifPresent(Promise::tryComplete);
    }
  }

  /** The taker does not want more: the rest is read and thrown away. */
  private void stop(Throwable cause) {
    failed.tryFail(cause);
    phase = Phase.REST;
    finished.ifPresent(promise -> promise.tryFail(cause));
    goOn();
  }
}
