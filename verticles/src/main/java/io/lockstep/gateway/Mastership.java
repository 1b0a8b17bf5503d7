package io.lockstep.gateway;

import io.lockstep.load.LoadAdvert;
import io.lockstep.load.MasterChoice;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.mysql.BackendConnection;
import io.lockstep.mysql.BackendLostException;
import io.lockstep.mysql.BackendRefusedException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which node is a session's master, and the session's connection to that node's database. When the
 * master is lost it chooses another and restores the session there, unless something pins it. Lives
 * on the session's context.
 */
final class Mastership {
  private static final Duration PAUSE = Duration.ofMillis(100);

  /**
   * A node that has not applied by then what the session must see is passed over: one whose process
   * stands still goes on being advertised for a while, and a client's handshake has its own bound.
   */
  private static final Duration CAUGHT_UP_WITHIN = Duration.ofSeconds(1);

  /**
   * A session that cannot move stays with a node that is not heard of for so long, while their
   * connection is open.
   */
  private static final Duration AWAITED_WITHIN = Duration.ofSeconds(10);

  private final SessionParts parts;
  private final SessionState state;
  private final BackendFace face;
  private final Set<NodeId> failed = new HashSet<>();
  private Optional<Backend> backend = Optional.empty();
  private Optional<NodeId> chosen = Optional.empty();
  private boolean served;
  private boolean closed;

  Mastership(SessionParts parts, SessionState state, BackendFace face) {
    this.parts = parts;
    this.state = state;
    this.face = face;
  }

  /** Whose outcome answers a write now; chooses another node when the master is lost. */
  NodeId node() {
    if (backend.isPresent() && healthy(backend.get())) {
      return backend.get().node();
    }
    if (chosen.isEmpty() || parts.ports().board().of(chosen.get()).isEmpty()) {
      backend.map(Backend::node).ifPresent(failed::add);
      chosen = choose();
    }
    return chosen.or(() -> backend.map(Backend::node)).orElse(parts.ports().self());
  }

  /** The connection, restored on another master if need be. */
  Future<Backend> backend() {
    if (backend.isPresent() && healthy(backend.get())) {
      return Future.succeededFuture(backend.get());
    }
    boolean bound = served && !state.pins().isEmpty();
    if (bound && backend.filter(Backend::open).isPresent()) {
      Promise<Backend> promise = Promise.promise();
      await(promise, parts.ports().timers().nanos() + AWAITED_WITHIN.toNanos());
      return promise.future();
    }
    backend.ifPresent(this::drop);
    if (bound) {
      return Future.failedFuture(lost());
    }
    Promise<Backend> promise = Promise.promise();
    long deadline = parts.ports().timers().nanos() + parts.config().masterWithin().toNanos();
    attempt(promise, deadline);
    return promise.future();
  }

  /** Its node may only be slow to say so: the session would be lost with the connection. */
  private void await(Promise<Backend> promise, long deadline) {
    Optional<Backend> there = backend.filter(Backend::open);
    if (there.filter(this::healthy).isPresent()) {
      promise.tryComplete(there.get());
    } else if (there.isEmpty() || closed || parts.ports().timers().nanos() >= deadline) {
      backend.ifPresent(this::drop);
      promise.tryFail(lost());
    } else {
      parts.ports().timers().after(PAUSE, () -> await(promise, deadline));
    }
  }

  private SessionLostException lost() {
    return new SessionLostException(
        "its master is lost and it cannot move: " + String.join(", ", state.pins()));
  }

  /**
   * Another node is to be the master from the next statement on, if it serves and nothing binds the
   * session. One that cannot be reached is not chosen after all.
   */
  void prefer(NodeId node) {
    boolean there = backend.filter(now -> now.node().equals(node)).isPresent();
    boolean serves =
        parts
            .ports()
            .board()
            .of(node)
            .map(LoadAdvert::standing)
            .filter(standing -> standing.serving() && !standing.draining())
            .isPresent();
    boolean bound = face.only().isPresent() || !state.pins().isEmpty();
    if (there || !serves || closed || bound) {
      return;
    }
    backend.ifPresent(Backend::quit);
    backend = Optional.empty();
    chosen = Optional.of(node);
  }

  /** The connection if there is one, healthy or not. */
  Optional<Backend> current() {
    return backend;
  }

  /** How the session shows itself to databases. */
  BackendFace face() {
    return face;
  }

  /** A second connection to the same database, as the same user. */
  Future<BackendConnection> another() {
    return backend
        .flatMap(here -> parts.ports().board().of(here.node()))
        .map(
            advert ->
                BackendConnection.connect(
                    parts.vertx(), parts.net(), face.options(advert.endpoints(), Optional.empty())))
        .orElseGet(() -> Future.failedFuture(new SessionLostException("no master")));
  }

  void close() {
    closed = true;
    backend.ifPresent(Backend::quit);
  }

  private boolean healthy(Backend connected) {
    return connected.open()
        && parts
            .ports()
            .board()
            .of(connected.node())
            .map(advert -> advert.standing().serving())
            .orElse(false);
  }

  private void drop(Backend lost) {
    failed.add(lost.node());
    backend = Optional.empty();
    chosen = chosen.filter(node -> !node.equals(lost.node()));
    lost.close();
    parts.metrics().failover();
  }

  private Optional<NodeId> choose() {
    if (face.only().isPresent()) {
      return face.only();
    }
    MasterChoice choice = parts.ports().masters().chooseWithout(failed);
    if (choice.master().isEmpty() && !failed.isEmpty()) {
      failed.clear();
      return parts.ports().masters().choose().master();
    }
    return choice.master();
  }

  private void attempt(Promise<Backend> promise, long deadline) {
    if (closed) {
      promise.tryFail(new SessionLostException("the client is gone"));
      return;
    }
    Optional<NodeId> node = chosen.or(this::choose);
    chosen = Optional.empty();
    Optional<LoadAdvert> advert = node.flatMap(parts.ports().board()::of);
    if (advert.isEmpty()) {
      again(promise, deadline, new SessionLostException("no node serves at present"));
      return;
    }
    open(advert.get())
        .onSuccess(
            opened -> {
              backend = Optional.of(opened);
              served = true;
              failed.clear();
              promise.complete(opened);
            })
        .onFailure(
            cause -> {
              if (cause instanceof BackendRefusedException refused && !served) {
                promise.tryFail(new ClientErrorException(refused.error()));
                return;
              }
              failed.add(advert.get().node());
              again(promise, deadline, cause);
            });
  }

  private void again(Promise<Backend> promise, long deadline, Throwable cause) {
    if (parts.ports().timers().nanos() >= deadline) {
      promise.tryFail(
          cause instanceof BehindTokenException
              ? cause
              : new ClientErrorException(MySqlError.notReady(String.valueOf(cause.getMessage()))));
    } else {
      parts.ports().timers().after(PAUSE, () -> attempt(promise, deadline));
    }
  }

  private Future<Backend> open(LoadAdvert advert) {
    Optional<String> schema = Optional.of(state.schema()).filter(name -> !name.isEmpty());
    return parts
        .progress()
        .reached(advert.node(), mustSee(), CAUGHT_UP_WITHIN)
        .compose(
            reached ->
                BackendConnection.connect(
                    parts.vertx(), parts.net(), face.options(advert.endpoints(), schema)))
        .compose(connection -> restore(new Backend(advert.node(), connection)));
  }

  /** What the session has done itself, and what any of its gateway has been told is done. */
  Seq mustSee() {
    Seq told = parts.intake().acknowledged();
    return state.consistency() != Consistency.ANY && told.isAfter(state.mustSee())
        ? told
        : state.mustSee();
  }

  private Future<Backend> restore(Backend opened) {
    state.movedToNewBackend();
    Future<Void> restored = opened.protect();
    for (Bytes statement : state.journal().statements()) {
      Future<Void> before = restored;
      restored =
          opened
              .query(statement)
              .compose(
                  reply ->
                      reply
                          .failure()
                          .<Future<Void>>map(
                              error -> Future.failedFuture(new BackendRefusedException(error)))
                          .orElse(before));
    }
    return restored
        .compose(ready -> opened.settings(parts.ports().face().number()))
        .map(
            settings -> {
              state.settings(settings);
              return opened;
            })
        .onFailure(unusable -> opened.close());
  }

  /** Whether the failure means that the database is gone, and not that it said no. */
  static boolean isLoss(Throwable cause) {
    return cause instanceof BackendLostException;
  }
}
