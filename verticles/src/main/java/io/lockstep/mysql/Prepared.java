package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import java.util.List;

/**
 * A statement that was prepared on a {@link BackendConnection}.
 *
 * @param packets all payloads of the answer, as the server sent them
 */
public record Prepared(PrepareOk header, List<Bytes> packets) {
  public Prepared {
    packets = List.copyOf(packets);
  }

  public long statementId() {
    return header.statementId();
  }
}
