package io.lockstep.log;

import io.lockstep.model.Bytes;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Require;
import io.lockstep.model.Term;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One process's door to its member: dead once the process has crashed or closed it. */
public final class InMemoryOrderedLog implements OrderedLog {
  private final Member member;
  private long opened = -1;

  InMemoryOrderedLog(Member member) {
    this.member = member;
  }

  @Override
  public Future<Void> open(LogIndex applied, Listener listener) {
    opened = member.open(applied, listener);
    return Future.succeededFuture();
  }

  @Override
  public Future<LogIndex> append(Term term, Bytes payload) {
    Require.that(payload.length() > 0, "an entry is not empty");
    Require.that(payload.length() <= PAYLOAD_BYTES_MAX, "an entry is too long");
    return whileOpen(() -> member.append(term, Optional.of(payload)));
  }

  @Override
  public Future<LogIndex> barrier(Term term) {
    return whileOpen(() -> member.append(term, Optional.empty()));
  }

  @Override
  public Future<List<Committed>> read(LogIndex after, int entriesMax, int bytesMax) {
    return whileOpen(() -> member.reading().read(after, entriesMax, bytesMax));
  }

  @Override
  public Future<Optional<Committed>> lastBefore(LogIndex before) {
    return whileOpen(() -> Future.succeededFuture(member.reading().lastBefore(before)));
  }

  @Override
  public Future<LogIndex> confirmedHead() {
    return whileOpen(member::confirmedHead);
  }

  @Override
  public LogIndex knownCommitted() {
    return new LogIndex(member.commit());
  }

  @Override
  public void applied(LogIndex durable) {
    if (member.lives(opened)) {
      member.purge(durable);
    }
  }

  @Override
  public Future<Void> transferTo(NodeId successor) {
    return whileOpen(() -> member.transferTo(successor));
  }

  @Override
  public Future<Void> close() {
    if (member.lives(opened)) {
      member.close();
    }
    return Future.succeededFuture();
  }

  private <T> Future<T> whileOpen(Supplier<Future<T>> call) {
    return member.lives(opened) ? call.get() : Future.failedFuture(new ClosedException());
  }
}
