package io.lockstep.gateway.events;

import io.lockstep.model.LogIndex;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The order and every node's tables in one: definitions, claims, and what ran. */
final class ReplicatedEvents implements EventRows, EventOrder {
  private final Map<String, EventDefinition> definitions = new TreeMap<>();
  private final Map<EventName, Instant> claims = new HashMap<>();
  private final Deque<Claim> answers = new ArrayDeque<>();
  private final List<String> ended = new ArrayList<>();
  private boolean on = true;
  private boolean cut;
  private long seq = 1;
  private int reads;

  /** What one node has run, and bodies that have not ended. */
  static final class Bodies implements EventBodies {
    private final List<String> begun = new ArrayList<>();
    private final Deque<Promise<Void>> open = new ArrayDeque<>();
    private boolean slow;

    @Override
    public Future<Void> run(EventDefinition event) {
      begun.add(event.name().name());
      Promise<Void> body = Promise.promise();
      if (slow) {
        open.add(body);
      } else {
        body.complete();
      }
      return body.future();
    }

    void slow() {
      slow = true;
    }

    void finish() {
      open.remove().complete();
    }

    void fail() {
      open.remove().fail("1146 no such table");
    }

    List<String> begun() {
      return begun;
    }
  }

  Position position() {
    return new Position(new Seq(seq), LogIndex.NONE, 0, new Seq(seq));
  }

  void define(EventDefinition event) {
    definitions.put(event.name().toString(), event);
    seq++;
  }

  /** Forgets its claim, as the applier does. */
  void drop(String name) {
    definitions.remove("d." + name);
    claims.remove(new EventName("d", name));
    seq++;
  }

  void switchTo(boolean is) {
    on = is;
    seq++;
  }

  /** While it is cut, nothing is written. */
  void cut(boolean is) {
    cut = is;
  }

  /** The next claim is answered so, whatever it is. */
  void answer(Claim claim) {
    answers.add(claim);
  }

  List<String> ended() {
    return ended;
  }

  int reads() {
    return reads;
  }

  @Override
  public Future<Boolean> switchedOn() {
    return Future.succeededFuture(on);
  }

  @Override
  public Future<Optional<List<EventDefinition>>> read() {
    reads++;
    return Future.succeededFuture(
        on ? Optional.of(List.copyOf(definitions.values())) : Optional.empty());
  }

  @Override
  public Future<Void> tidy() {
    return Future.succeededFuture();
  }

  @Override
  public Future<Claim> claim(EventName event, Instant instant, Seq basis) {
    if (cut) {
      return Future.failedFuture("cut off");
    }
    if (!answers.isEmpty()) {
      return Future.succeededFuture(answers.remove());
    }
    if (basis.value() < seq) {
      return Future.succeededFuture(Claim.STALE);
    }
    Optional<Instant> before = Optional.ofNullable(claims.get(event));
    if (before.filter(ran -> !ran.isBefore(instant)).isPresent()) {
      return Future.succeededFuture(Claim.LATE);
    }
    claims.put(event, instant);
    return Future.succeededFuture(Claim.TAKEN);
  }

  @Override
  public Future<Boolean> end(EventDefinition event, Seq basis) {
    if (basis.value() < seq) {
      return Future.succeededFuture(false);
    }
    ended.add(event.name().name());
    drop(event.name().name());
    return Future.succeededFuture(true);
  }
}
