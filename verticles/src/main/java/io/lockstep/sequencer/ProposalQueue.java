package io.lockstep.sequencer;

import io.lockstep.model.Sequenced;
import io.lockstep.model.Write;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Proposals in the order in which they came, until they are stamped, and all of them until they are
 * answered. Bounded in writes and bytes.
 */
final class ProposalQueue {
  private final SequencerBounds bounds;
  private final ArrayDeque<Waiting> queued = new ArrayDeque<>();
  private final Map<Waiting.Key, Waiting> unanswered = new HashMap<>();
  private long queuedBytes;

  ProposalQueue(SequencerBounds bounds) {
    this.bounds = bounds;
  }

  /** The answer of the same proposal, if it is under way. */
  Optional<Future<Sequenced>> same(Write write) {
    return Optional.ofNullable(unanswered.get(new Waiting.Key(write.id(), write.master())))
        .map(waiting -> waiting.answer().future());
  }

  /** Takes a proposal; empty when a bound is reached. */
  Optional<Future<Sequenced>> add(Write write) {
    Waiting waiting = Waiting.of(write);
    if (queued.size() >= bounds.queueWritesMax()
        || (!queued.isEmpty() && queuedBytes + waiting.bytes() > bounds.queueBytesMax())) {
      return Optional.empty();
    }
    queued.add(waiting);
    queuedBytes += waiting.bytes();
    unanswered.put(waiting.key(), waiting);
    return Optional.of(waiting.answer().future());
  }

  /** The oldest proposals that fit into one entry; empty when nothing waits. */
  List<Waiting> takeEntry() {
    List<Waiting> taken = new ArrayList<>();
    long bytes = 0;
    while (!queued.isEmpty() && taken.size() < bounds.entryWritesMax()) {
      bytes += queued.element().bytes();
      if (!taken.isEmpty() && bytes > bounds.entryBytesMax()) {
        break;
      }
      Waiting next = queued.remove();
      queuedBytes -= next.bytes();
      taken.add(next);
    }
    return taken;
  }

  void answer(Waiting waiting, Sequenced answer) {
    unanswered.remove(waiting.key());
    waiting.answer().tryComplete(answer);
  }

  /** Answers everything that waits for a stamp. */
  void answerQueued(Function<Write, Sequenced> answer) {
    List<Waiting> all = List.copyOf(queued);
    queued.clear();
    queuedBytes = 0;
    all.forEach(waiting -> answer(waiting, answer.apply(waiting.write())));
  }

  int queuedWrites() {
    return queued.size();
  }

  /** Whether more of them would not share the next entry. */
  boolean fillsAnEntry() {
    return queued.size() >= bounds.entryWritesMax() || queuedBytes >= bounds.entryBytesMax();
  }

  boolean isEmpty() {
    return queued.isEmpty();
  }
}
