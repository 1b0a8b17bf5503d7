package io.lockstep.runtime.cluster;

import io.lockstep.model.SequencerRecord;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Consumer;

/** The one record that says who stamps, the same for all nodes: a hint where to propose. */
public interface SequencerRecords {
  /** What is known here. */
  Optional<SequencerRecord> current();

  /**
   * Replaces the record, by a higher term only. The result is the record that stands afterwards.
   */
  Future<SequencerRecord> offer(SequencerRecord record);

  /** Calls {@code listener}, on any thread, after every change. */
  void onChange(Consumer<SequencerRecord> listener);
}
