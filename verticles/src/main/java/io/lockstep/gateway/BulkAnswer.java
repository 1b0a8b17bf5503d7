package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.RelaySink;
import io.lockstep.mysql.ReplySummary;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * Keeps what statements answer until it is told on, such as those of a bulk execution: OKs are
 * added up, of errors the first is kept.
 */
final class BulkAnswer implements Answer {
  private static final int WARNINGS_MAX = 0xffff;

  private long affected;
  private long insertId;
  private int warnings;
  private Optional<MySqlError> error = Optional.empty();

  Optional<MySqlError> failure() {
    return error;
  }

  /** The sum, with the session's flags. */
  OkPacket sum(int status) {
    return OkPacket.of(affected, insertId, status, Math.min(warnings, WARNINGS_MAX), "");
  }

  @Override
  public void ok(OkPacket ok) {
    affected += ok.affected();
    insertId = insertId == 0 ? ok.insertId() : insertId;
    warnings += ok.warnings();
  }

  @Override
  public void error(MySqlError failed) {
    error = error.or(() -> Optional.of(failed));
  }

  @Override
  public void packets(List<Bytes> payloads) {
    error(MySqlError.notSupported("rows as the answer to a bulk execution"));
  }

  @Override
  public Optional<RelaySink> stream() {
    return Optional.empty();
  }

  @Override
  public Future<Void> streamed(ReplySummary summary) {
    throw new IllegalStateException("nothing is streamed into a sum");
  }

  /** It goes to nobody before all is done. */
  @Override
  public boolean begun() {
    return false;
  }
}
