package io.lockstep.runtime.log;

import io.lockstep.log.OrderedLog;
import io.lockstep.model.Bytes;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Require;
import io.lockstep.model.Term;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ordered log over Apache Ratis, one group of all nodes, in this process. Owns its directory
 * and three threads of its own (reading, long appends and administration, telling the listener); no
 * method blocks the caller. Promises what {@link OrderedLog} promises: Ratis completes an append
 * only when a majority has it on disk.
 */
public final class RatisOrderedLog implements OrderedLog {
  private static final Logger LOG = LoggerFactory.getLogger(RatisOrderedLog.class);

  private final LogOptions options;
  private final CommitHints hints;
  private final ScheduledExecutorService reader;
  private final ExecutorService lane;
  private final ExecutorService events;
  private final List<ExecutorService> threads;

  /** Guarded by this. */
  private Optional<Future<Void>> closing = Optional.empty();

  /** Written on the lane. */
  private volatile Optional<RatisServer> server = Optional.empty();

  /** Opens nothing yet. */
  public RatisOrderedLog(LogOptions options, CommitHints hints) {
    this.options = options;
    this.hints = hints;
    String name = "lockstep-log-" + options.self();
    reader = Executors.newSingleThreadScheduledExecutor(named(name + "-read"));
    lane = Executors.newSingleThreadExecutor(named(name + "-lane"));
    events = Executors.newSingleThreadExecutor(named(name + "-events"));
    threads = List.of(reader, events, lane);
  }

  private static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public Future<Void> open(LogIndex applied, Listener listener) {
    return onLane(
        () -> {
          Require.that(server.isEmpty(), "the log is opened once");
          Reign reign = new Reign(listener, events);
          RatisServer opened = RatisServer.open(options, applied, hints, reign, reader, lane);
          server = Optional.of(opened);
          LOG.info(
              "The ordered log is open: {} of {} nodes, entries up to {} are applied",
              options.self(),
              options.peers().size(),
              applied);
        });
  }

  @Override
  public Future<LogIndex> append(Term term, Bytes payload) {
    Require.that(
        payload.length() > 0 && payload.length() <= PAYLOAD_BYTES_MAX,
        "a payload has 1 to " + PAYLOAD_BYTES_MAX + " bytes");
    return whenOpen(opened -> opened.append(term, payload));
  }

  @Override
  public Future<LogIndex> barrier(Term term) {
    return whenOpen(opened -> opened.barrier(term));
  }

  @Override
  public Future<List<Committed>> read(LogIndex after, int entriesMax, int bytesMax) {
    return whenOpen(opened -> opened.entries().read(after, entriesMax, bytesMax));
  }

  @Override
  public Future<Optional<Committed>> lastBefore(LogIndex before) {
    return whenOpen(opened -> opened.entries().lastBefore(before));
  }

  @Override
  public Future<LogIndex> confirmedHead() {
    return whenOpen(RatisServer::confirmedHead);
  }

  @Override
  public LogIndex knownCommitted() {
    return server.map(opened -> opened.entries().committed()).orElse(LogIndex.NONE);
  }

  @Override
  public void applied(LogIndex durable) {
    server.ifPresent(opened -> opened.applied(durable));
  }

  @Override
  public Future<Void> transferTo(NodeId successor) {
    return whenOpen(opened -> opened.transferTo(successor));
  }

  /**
   * The leader is known to be dead: this node stands for election now, and not when it has heard
   * nothing from it for long enough. Changes nothing if another node leads by then. Completes when
   * the election has begun; who wins is told to the listener.
   */
  public Future<Void> succeed(NodeId gone) {
    return onLane(
        () -> {
          Optional<RatisServer> opened = server;
          if (opened.isPresent()) {
            opened.get().succeed(gone);
          }
        });
  }

  @Override
  public synchronized Future<Void> close() {
    if (closing.isEmpty()) {
      closing =
          Optional.of(
              onLane(this::closeServer)
                  .onComplete(done -> threads.forEach(ExecutorService::shutdown)));
    }
    return closing.get();
  }

  private void closeServer() throws IOException {
    Optional<RatisServer> opened = server;
    server = Optional.empty();
    if (opened.isPresent()) {
      opened.get().close();
    }
  }

  private <T> Future<T> whenOpen(Function<RatisServer, Future<T>> action) {
    return server.map(action).orElseGet(() -> Future.failedFuture(new ClosedException()));
  }

  /** Something that may block. */
  private interface Action {
    void run() throws Exception;
  }

  private Future<Void> onLane(Action action) {
    Promise<Void> done = Promise.promise();
    lane.execute(
        () -> {
          try {
            action.run();
            done.complete();
          } catch (Throwable failed) {
            done.fail(failed);
          }
        });
    return done.future();
  }
}
