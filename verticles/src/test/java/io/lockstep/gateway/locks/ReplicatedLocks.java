package io.lockstep.gateway.locks;

import io.lockstep.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The order and every node's table in one, with gateways that can be cut off. */
final class ReplicatedLocks implements LockRows {
  private final Map<String, LockRow> rows = new TreeMap<>();

  @Override
  public Future<List<LockRow>> read() {
    return Future.succeededFuture(List.copyOf(rows.values()));
  }

  @Override
  public Future<List<TableLock>> tables() {
    return Future.succeededFuture(List.of());
  }

  /** One gateway's way to the order. */
  final class Door implements LockOrder {
    private final Deque<Runnable> answers = new ArrayDeque<>();
    private boolean cut;
    private boolean slow;

    void cut(boolean is) {
      cut = is;
    }

    /** What is asked while it is slow is done at once, but answered by {@link #answer}. */
    void slow(boolean is) {
      slow = is;
    }

    void answer() {
      answers.remove().run();
    }

    @Override
    public Future<Boolean> take(LockRow lock) {
      return through(all -> all.putIfAbsent(lock.name().utf8(), lock) == null);
    }

    @Override
    public Future<Boolean> release(Bytes name, String gateway, long holder) {
      return through(
          all ->
              all.values().removeIf(row -> row.name().equals(name) && isOf(row, gateway, holder)));
    }

    @Override
    public Future<Long> releaseAll(String gateway, long holder) {
      return through(
          all -> {
            long before = all.size();
            all.values().removeIf(row -> isOf(row, gateway, holder));
            return before - all.size();
          });
    }

    @Override
    public Future<Long> renew(String gateway, List<Long> holders, long stamp, Runnable placed) {
      return through(
          all -> {
            all.replaceAll(
                (name, row) ->
                    holders.contains(row.holder()) && isOf(row, gateway, row.holder())
                        ? new LockRow(row.name(), gateway, row.holder(), stamp)
                        : row);
            return 1L;
          });
    }

    @Override
    public Future<Boolean> breakUp(LockRow seen) {
      return through(all -> all.remove(seen.name().utf8(), seen));
    }

    private boolean isOf(LockRow row, String gateway, long holder) {
      return row.gateway().equals(gateway) && row.holder() == holder;
    }

    private <T> Future<T> through(Function<Map<String, LockRow>, T> change) {
      if (cut) {
        return Future.failedFuture("cut off");
      }
      T changed = change.apply(rows);
      Promise<T> promise = Promise.promise();
      if (slow) {
        answers.add(() -> promise.complete(changed));
      } else {
        promise.complete(changed);
      }
      return promise.future();
    }
  }
}
