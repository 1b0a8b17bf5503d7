package io.lockstep.log;

import io.lockstep.model.Bytes;
import io.lockstep.model.LogIndex;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The one reader of a member's committed entries, while it waits. */
final class Reading {
  private record Request(
      LogIndex after, int entriesMax, int bytesMax, Promise<List<OrderedLog.Committed>> promise) {}

  private final Member member;
  private Optional<Request> waiting = Optional.empty();

  Reading(Member member) {
    this.member = member;
  }

  Future<List<OrderedLog.Committed>> read(LogIndex after, int entriesMax, int bytesMax) {
    if (waiting.isPresent()) {
      return Future.failedFuture(new IllegalStateException("one reader at a time"));
    }
    Promise<List<OrderedLog.Committed>> promise = Promise.promise();
    waiting = Optional.of(new Request(after, entriesMax, bytesMax, promise));
    serve();
    return promise.future();
  }

  void serve() {
    waiting.ifPresent(
        request -> {
          if (request.after().value() + 1 < member.slots().first()) {
            fail(new OrderedLog.PurgedException(new LogIndex(member.slots().first())));
            return;
          }
          List<OrderedLog.Committed> found = collect(request);
          if (!found.isEmpty()) {
            waiting = Optional.empty();
            request.promise().complete(found);
          }
        });
  }

  void fail(RuntimeException cause) {
    Optional<Request> failed = waiting;
    waiting = Optional.empty();
    failed.ifPresent(request -> request.promise().fail(cause));
  }

  void forget() {
    waiting = Optional.empty();
  }

  Optional<OrderedLog.Committed> lastBefore(LogIndex before) {
    long newest = Math.min(before.value() - 1, member.commit());
    for (long at = newest; at >= member.slots().first(); at--) {
      Optional<Bytes> payload = member.slots().get(at).payload();
      if (payload.isPresent()) {
        return Optional.of(new OrderedLog.Committed(new LogIndex(at), payload.get()));
      }
    }
    return Optional.empty();
  }

  private List<OrderedLog.Committed> collect(Request request) {
    List<OrderedLog.Committed> found = new ArrayList<>();
    long bytes = 0;
    long to = Math.min(member.commit(), member.slots().last());
    for (long at = request.after().value() + 1; at <= to; at++) {
      Optional<Bytes> payload = member.slots().get(at).payload();
      if (payload.isEmpty()) {
        continue;
      }
      bytes += payload.get().length();
      if (found.size() == request.entriesMax()
          || (bytes > request.bytesMax() && !found.isEmpty())) {
        break;
      }
      found.add(new OrderedLog.Committed(new LogIndex(at), payload.get()));
    }
    return found;
  }
}
