package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The column definitions of collected result sets in the form that their taker has agreed on. They
 * may come from another connection than its own, or from Lockstep itself.
 */
public final class AgreedDefinitions {
  private AgreedDefinitions() {}

  /**
   * The payloads of an answer to COM_QUERY or COM_STMT_EXECUTE, each column with or without a field
   * for what {@link Capabilities#EXTENDED_METADATA} tells of it.
   */
  public static List<Bytes> of(List<Bytes> payloads, boolean extended) {
    ReplyTracker tracker = new ReplyTracker(ReplyShape.RESULTS);
    List<Bytes> agreed = new ArrayList<>(payloads);
    for (int i = 0; i < payloads.size() && !tracker.complete(); i++) {
      Bytes payload = payloads.get(i);
      Buffer packet = Buffer.buffer(payload.view());
      if (tracker.packet(packet, 0, payload.length()) == ReplyTracker.Kind.DEFINITION) {
        int at = i;
        ColumnDefinition.fitted(payload, extended).ifPresent(fitted -> agreed.set(at, fitted));
      }
    }
    return agreed;
  }
}
