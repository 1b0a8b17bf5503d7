package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.EofPacket;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.RelaySink;
import io.lockstep.mysql.ReplySummary;
import io.lockstep.mysql.ResultSet;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/** Answers the execution of a prepared statement that is run as text: rows become binary. */
final class BinaryAnswer implements Answer {
  /** Column count, definitions, EOF, EOF: packets of a result that are no rows. */
  private static final int NO_ROWS = 3;

  private final Answer answer;

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
    if (payloads.size() > ResultSet.ROWS_MAX + NO_ROWS) {
      answer.error(
          MySqlError.notSupported(
              "more than "
                  + ResultSet.ROWS_MAX
                  + " rows of a prepared statement that is run as text; send it as text"));
      return;
    }
    Bytes last = payloads.get(payloads.size() - 1);
    EofPacket end = EofPacket.decode(Buffer.buffer(last.view()));
    answer.packets(Payloads.of(ResultSet.ofText(payloads).binary(0, end.status(), end.warnings())));
  }

  @Override
  public Optional<RelaySink> stream() {
    return Optional.empty();
  }

  @Override
  public Future<Void> streamed(ReplySummary summary) {
    throw new IllegalStateException("nothing is streamed into an answer that is rewritten");
  }

  @Override
  public boolean begun() {
    return answer.begun();
  }
}
