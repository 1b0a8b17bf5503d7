package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.ServerStatus;
import java.util.ArrayList;
import java.util.List;

/**
 * Results that were made in a branch as a client reads them that knows of no transaction: with the
 * flags of its own session. Lives on its session's context.
 */
final class OutsideBranch {
  private static final int FLAGS = ServerStatus.AUTOCOMMIT | ServerStatus.IN_TRANS;

  private final SessionState state;

  OutsideBranch(SessionState state) {
    this.state = state;
  }

  List<Bytes> packets(Reply.Results results) {
    return results.parts().stream()
        .flatMap(
            part ->
                part
                    .<List<Bytes>>foldPart(
                        ok -> outside(ok).packets(), Reply.Part::packets, this::outside)
                    .stream())
        .toList();
  }

  private Reply.Ok outside(Reply.Ok ok) {
    return new Reply.Ok(
        OkPacket.of(ok.affected(), ok.insertId(), outside(ok.status()), ok.warnings(), ok.info()));
  }

  /** The flags are in both EOF packets: behind the definitions and behind the rows. */
  private List<Bytes> outside(Reply.Rows rows) {
    List<Bytes> packets = new ArrayList<>(rows.packets());
    for (int at : new int[] {rows.columns() + 1, packets.size() - 1}) {
      byte[] eof = packets.get(at).toArray();
      int status = outside((eof[3] & 0xff) | (eof[4] & 0xff) << 8);
      eof[3] = (byte) status;
      eof[4] = (byte) (status >> 8);
      packets.set(at, Bytes.owning(eof));
    }
    return packets;
  }

  private int outside(int status) {
    return (status & ~FLAGS) | (state.status() & FLAGS);
  }
}
