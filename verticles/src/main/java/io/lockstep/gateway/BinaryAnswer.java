package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.BinaryRows;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.RelaySink;
import io.lockstep.mysql.ReplySummary;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/** Answers the execution of a prepared statement that is run as text: rows become binary. */
final class BinaryAnswer implements Answer {
  private final Answer answer;
  private Optional<BinarySink> sink = Optional.empty();

  BinaryAnswer(Answer answer) {
    this.answer = answer;
  }

  @Override
  public void ok(OkPacket ok) {
    answer.ok(ok);
  }

  @Override
  public void error(MySqlError error) {
    answer.error(error);
  }

  @Override
  public void packets(List<Bytes> payloads) {
    BinaryRows rows = new BinaryRows();
    answer.packets(
        payloads.stream()
            .map(payload -> rows.instead(Buffer.buffer(payload.view())))
            .map(binary -> Bytes.owning(binary.getBytes()))
            .toList());
  }

  @Override
  public Optional<RelaySink> stream() {
    sink = answer.stream().map(BinarySink::new);
    return sink.map(one -> one);
  }

  @Override
  public Future<Void> streamed(ReplySummary summary) {
    return answer.streamed(sink.map(one -> one.ended(summary)).orElse(summary));
  }

  @Override
  public boolean begun() {
    return answer.begun();
  }
}
