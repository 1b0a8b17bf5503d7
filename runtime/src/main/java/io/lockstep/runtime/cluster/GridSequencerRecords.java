package io.lockstep.runtime.cluster;

import io.lockstep.model.NodeId;
import io.lockstep.model.SequencerRecord;
import io.lockstep.model.Term;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.infinispan.Cache;
import org.infinispan.notifications.Listener;
import org.infinispan.notifications.cachelistener.annotation.CacheEntryCreated;
import org.infinispan.notifications.cachelistener.annotation.CacheEntryModified;
import org.infinispan.notifications.cachelistener.event.CacheEntryEvent;

/**
 * The record in a replicated Infinispan cache, as the text {@code term node}. Replaced by
 * compare-and-set. After a split each part has its own; the leader offers its record again when the
 * view changes, so that the higher term wins.
 */
@Listener(sync = false)
public final class GridSequencerRecords implements SequencerRecords {
  private static final String KEY = "sequencer";

  /** Somebody else won a compare-and-set so often that something is wrong. */
  private static final int ATTEMPTS_MAX = 10;

  private final Cache<String, String> cache;
  private final List<Consumer<SequencerRecord>> listeners = new CopyOnWriteArrayList<>();

  GridSequencerRecords(Cache<String, String> cache) {
    this.cache = cache;
  }

  /** Begins to hear of changes. */
  void listen() {
    cache.addListener(this);
  }

  @Override
  public Optional<SequencerRecord> current() {
    return Optional.ofNullable(cache.get(KEY)).flatMap(GridSequencerRecords::parse);
  }

  @Override
  public Future<SequencerRecord> offer(SequencerRecord record) {
    return offer(record, ATTEMPTS_MAX);
  }

  private Future<SequencerRecord> offer(SequencerRecord record, int attemptsLeft) {
    if (attemptsLeft == 0) {
      return Future.failedFuture(new IOException("the sequencer's record keeps changing"));
    }
    return Future.fromCompletionStage(cache.getAsync(KEY))
        .compose(
            text -> {
              Optional<String> present = Optional.ofNullable(text);
              Optional<SequencerRecord> standing = present.flatMap(GridSequencerRecords::parse);
              if (standing.isPresent() && !record.replaces(standing.get())) {
                return Future.succeededFuture(standing.get());
              }
              return put(present, format(record))
                  .compose(
                      won ->
                          won ? Future.succeededFuture(record) : offer(record, attemptsLeft - 1));
            });
  }

  private Future<Boolean> put(Optional<String> before, String after) {
    return before
        .map(text -> Future.fromCompletionStage(cache.replaceAsync(KEY, text, after)))
        .orElseGet(
            () ->
                Future.fromCompletionStage(cache.putIfAbsentAsync(KEY, after))
                    .map(other -> Optional.ofNullable(other).isEmpty()));
  }

  @Override
  public void onChange(Consumer<SequencerRecord> listener) {
    listeners.add(listener);
  }

  /** Tells nobody any more. */
  void close() {
    listeners.clear();
  }

  /** Called by Infinispan. */
  @CacheEntryCreated
  @CacheEntryModified
  public void changed(CacheEntryEvent<String, String> event) {
    if (!event.isPre()) {
      Optional.ofNullable(event.getValue())
          .flatMap(GridSequencerRecords::parse)
          .ifPresent(record -> listeners.forEach(listener -> listener.accept(record)));
    }
  }

  static String format(SequencerRecord record) {
    return record.term().value() + " " + record.node().name();
  }

  /** Empty for what no version has written. */
  static Optional<SequencerRecord> parse(String text) {
    int space = text.indexOf(' ');
    if (space < 1 || !text.substring(0, space).chars().allMatch(Character::isDigit)) {
      return Optional.empty();
    }
    Term term = new Term(Long.parseLong(text.substring(0, space)));
    return Optional.of(new SequencerRecord(term, new NodeId(text.substring(space + 1))));
  }
}
