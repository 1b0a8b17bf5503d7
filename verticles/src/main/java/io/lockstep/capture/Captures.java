package io.lockstep.capture;

import io.lockstep.bus.Timers;
import io.lockstep.model.BranchId;
import io.lockstep.model.Capture;
import io.lockstep.model.CaptureQuestion;
import io.lockstep.mysql.binlog.Gtids;
import io.lockstep.mysql.binlog.PreparedGroup;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Brings together those who ask for a branch's rows and the rows, whichever comes first. That a
 * branch has changed nothing is concluded from the log's end alone: when it was read to where it
 * ended after the branch was prepared, without a gap since, and no group had the branch's name. To
 * conclude it wrongly would lose an acknowledged write. Used on one event loop.
 */
final class Captures {
  private final Timers timers;
  private final CaptureBounds bounds;
  private final Supplier<Future<Gtids>> end;
  private final LinkedHashMap<String, Optional<PreparedGroup>> known = new LinkedHashMap<>();
  private final Map<String, Asker> askers = new HashMap<>();
  private Gtids reached = Gtids.NONE;
  private Optional<String> blind = Optional.of("the binary log is not read yet");
  private Optional<Capture> never = Optional.empty();
  private long keptBytes;

  /** Since when nothing has been missed or forgotten. */
  private long completeSince;

  private static final class Asker {
    private final Promise<Capture> promise = Promise.promise();
    private final boolean sure;
    private Optional<Gtids> until = Optional.empty();

    /**
     * @param sure whether nothing was missed or forgotten since its branch was prepared
     */
    Asker(boolean sure) {
      this.sure = sure;
    }
  }

  /**
   * @param end asks the database how far its binary log goes now
   */
  Captures(Timers timers, CaptureBounds bounds, Supplier<Future<Gtids>> end) {
    this.timers = timers;
    this.bounds = bounds;
    this.end = end;
  }

  /** The log is read from {@code begin} on. */
  void following(Gtids begin) {
    blind = Optional.empty();
    never = Optional.empty();
    reached = begin;
    completeSince = timers.nanos();
  }

  /** The log is not read any more. What it said so far is true, but something may be missed now. */
  void interrupted(String why) {
    blind = Optional.of(why);
    Map<String, Asker> failed = Map.copyOf(askers);
    askers.clear();
    failed.values().forEach(asker -> asker.promise.tryFail(new NotCapturedException(why)));
  }

  /** There is no log to read, and will be none before the database is started anew. */
  void impossible(String why) {
    interrupted(why);
    never = Optional.of(new Capture.Unusable(why));
  }

  void prepared(PreparedGroup group) {
    Asker asker = askers.remove(group.xid());
    if (asker != null) {
      remember(group.xid(), Optional.empty());
      asker.promise.tryComplete(answer(group));
    } else {
      remember(group.xid(), Optional.of(group));
    }
  }

  void reached(Gtids newReached) {
    reached = newReached;
    Map.copyOf(askers).forEach(this::concludeIfReached);
  }

  /** What the branch has changed. Rows are given once. */
  Future<Capture> of(CaptureQuestion question) {
    if (never.isPresent()) {
      return Future.succeededFuture(never.get());
    }
    String xid = question.branch().name();
    Optional<PreparedGroup> group = known.getOrDefault(xid, Optional.empty());
    if (group.isPresent()) {
      forgetRows(xid, group.get());
      return Future.succeededFuture(answer(group.get()));
    }
    if (known.containsKey(xid)) {
      return failed("the rows of this branch are not kept any more");
    }
    if (blind.isPresent()) {
      return failed(blind.get());
    }
    return askers.containsKey(xid) ? failed("another asker waits") : await(question);
  }

  private Future<Capture> await(CaptureQuestion question) {
    Asker asker = new Asker(preparedAfter(question, completeSince));
    String xid = question.branch().name();
    askers.put(xid, asker);
    end.get()
        .onSuccess(
            until -> {
              asker.until = Optional.of(until);
              concludeIfReached(xid, asker);
            })
        .onFailure(failure -> giveUp(xid, asker, String.valueOf(failure.getMessage())));
    Timers.Timer timer =
        timers.after(
            bounds.within(), () -> giveUp(xid, asker, "the binary log was not read that far"));
    return asker.promise.future().onComplete(done -> timer.cancel());
  }

  /** The asker's answer is worth nothing after {@code within}, so no message took longer. */
  private boolean preparedAfter(CaptureQuestion question, long moment) {
    long since =
        Math.addExact(
            Math.multiplyExact(question.sincePrepareMs(), 1_000_000L), bounds.within().toNanos());
    return timers.nanos() - since >= moment;
  }

  private void concludeIfReached(String xid, Asker asker) {
    if (asker.until.filter(reached::covers).isEmpty()) {
      return;
    }
    if (!asker.sure) {
      giveUp(xid, asker, "part of the binary log was not read");
    } else if (askers.remove(xid, asker)) {
      asker.promise.tryComplete(new Capture.Rows(List.of()));
    }
  }

  private void giveUp(String xid, Asker asker, String why) {
    if (askers.remove(xid, asker)) {
      asker.promise.tryFail(new NotCapturedException(why));
    }
  }

  private static Future<Capture> failed(String why) {
    return Future.failedFuture(new NotCapturedException(why));
  }

  private static Capture answer(PreparedGroup group) {
    return group
        .flaw()
        .<Capture>map(Capture.Unusable::new)
        .orElseGet(() -> new Capture.Rows(group.parts()));
  }

  private void remember(String xid, Optional<PreparedGroup> group) {
    if (!xid.startsWith(BranchId.PREFIX)) {
      return;
    }
    known.put(xid, group);
    keptBytes += group.map(PreparedGroup::length).orElse(0L);
    if (keptBytes > bounds.keptBytesMax()) {
      forgetOldestRows();
    }
    if (known.size() > bounds.namesMax()) {
      known.clear();
      keptBytes = 0;
      completeSince = timers.nanos();
    }
  }

  private void forgetOldestRows() {
    for (Map.Entry<String, Optional<PreparedGroup>> old : known.entrySet()) {
      if (keptBytes <= bounds.keptBytesMax() / 2) {
        return;
      }
      keptBytes -= old.getValue().map(PreparedGroup::length).orElse(0L);
      old.setValue(Optional.empty());
    }
  }

  private void forgetRows(String xid, PreparedGroup group) {
    known.put(xid, Optional.empty());
    keptBytes -= group.length();
  }
}
