package io.lockstep.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lockstep.gateway.RowSink;
import io.lockstep.gateway.StatementResult;
import io.lockstep.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * The answer to one statement, written while its rows arrive, no faster than the client reads. Up
 * to {@link #HELD_BYTES_MAX} are held back, so that a statement that fails early is answered with
 * its proper status. Lives on the request's context.
 */
final class Answer implements RowSink {
  static final String SEQ_HEADER = "Lockstep-Seq";
  static final String REPLAYED_HEADER = "Idempotency-Replayed";
  static final int HELD_BYTES_MAX = 16 << 10;

  private static final JsonFactory JSON = new JsonFactoryBuilder().rootValueSeparator("\n").build();

  private final HttpServerResponse response;
  private final AnswerForm form;
  private final boolean bigNumbersAsText;
  private final long rowsMax;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private final JsonGenerator out;
  private Optional<List<ColumnType>> columns = Optional.empty();
  private Optional<Promise<Void>> waiting = Optional.empty();
  private long rowCount;
  private boolean over;

  Answer(HttpServerResponse response, AnswerForm form, boolean bigNumbersAsText, long rowsMax) {
    this.response = response;
    this.form = form;
    this.bigNumbersAsText = bigNumbersAsText;
    this.rowsMax = rowsMax;
    try {
      this.out = JSON.createGenerator(held);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    response.closeHandler(gone -> abandon());
    response.exceptionHandler(broken -> abandon());
  }

  @Override
  public void columns(List<Column> described) {
    List<ColumnType> types =
        described.stream().map(column -> new ColumnType(column, bigNumbersAsText)).toList();
    columns = Optional.of(types);
    write(() -> form.columns(out, types));
  }

  @Override
  public Future<Void> row(List<Optional<Bytes>> values) {
    if (over) {
      return Future.failedFuture(
          new ProblemException(ProblemType.TIMEOUT, "nobody waits for the rows any more"));
    }
    if (rowCount == rowsMax) {
      return Future.failedFuture(
          new ProblemException(
              ProblemType.TOO_MANY_ROWS, "an answer has at most " + rowsMax + " rows"));
    }
    rowCount++;
    write(() -> writeRow(values));
    return held.size() < HELD_BYTES_MAX ? Future.succeededFuture() : send();
  }

  /** The statement ended well. */
  void succeed(StatementResult result) {
    if (over) {
      return;
    }
    over = true;
    Optional<Long> rows = columns.map(any -> rowCount);
    write(
        () -> form.end(out, rows.isPresent(), AnswerForm.success(result, rows, bigNumbersAsText)));
    String seq = result.token().toString();
    if (response.headWritten()) {
      response.putTrailer(SEQ_HEADER, seq);
    } else {
      head();
      response.putHeader(SEQ_HEADER, seq);
      if (result.replayed()) {
        response.putHeader(REPLAYED_HEADER, "true");
      }
    }
    response.end(taken());
  }

  /** The statement failed: a problem document, or, when rows are on their way, their end. */
  void fail(Problem problem) {
    if (over) {
      return;
    }
    over = true;
    wake();
    if (!response.headWritten()) {
      problem.answer(response);
      return;
    }
    write(() -> form.end(out, true, AnswerForm.failure(problem)));
    response.end(taken());
  }

  private void abandon() {
    over = true;
    wake();
  }

  private void writeRow(List<Optional<Bytes>> values) throws IOException {
    List<ColumnType> types = columns.orElseThrow(() -> new IllegalStateException("no columns yet"));
    out.writeStartArray();
    for (int i = 0; i < values.size(); i++) {
      Optional<Bytes> value = values.get(i);
      if (value.isPresent()) {
        types.get(i).write(value.get(), out);
      } else {
        out.writeNull();
      }
    }
    out.writeEndArray();
  }

  private Future<Void> send() {
    if (!response.headWritten()) {
      head();
      response.setChunked(true).putHeader("Trailer", SEQ_HEADER);
    }
    response.write(taken());
    if (!response.writeQueueFull()) {
      return Future.succeededFuture();
    }
    Promise<Void> drained = Promise.promise();
    waiting = Optional.of(drained);
    response.drainHandler(ready -> wake());
    return drained.future();
  }

  private void head() {
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, form.mediaType())
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  /** The next row may come; when the answer is over it is refused. */
  private void wake() {
    Optional<Promise<Void>> waiter = waiting;
    waiting = Optional.empty();
    waiter.ifPresent(Promise::tryComplete);
  }

  private Buffer taken() {
    Buffer bytes = Buffer.buffer(held.toByteArray());
    held.reset();
    return bytes;
  }

  private void write(Writing writing) {
    try {
      writing.run();
      out.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private interface Writing {
    void run() throws IOException;
  }
}
