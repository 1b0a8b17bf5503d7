package io.lockstep.chaos.sim;

import io.lockstep.gateway.NotWrittenException;
import io.lockstep.gateway.OutcomeUnknownException;
import io.lockstep.model.Account;
import io.lockstep.model.Applied;
import io.lockstep.model.Bytes;
import io.lockstep.model.IdDraw;
import io.lockstep.model.NodeId;
import io.lockstep.model.SessionId;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.model.WriteKind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One application's connection: writes, waits for the answer, thinks, writes again. When its
 * gateway dies or does not know, the connection is gone and a new session begins elsewhere.
 */
final class SimClient {
  private static final TableName TABLE = new TableName("shop", "orders");

  private final SimCluster cluster;
  private final int number;
  private int writesLeft;
  private int sessions;
  private Optional<SimNode> gateway = Optional.empty();
  private SessionId session = new SessionId(0, 0);
  private long counter;
  private boolean waiting;

  SimClient(SimCluster cluster, int number, int writes) {
    this.cluster = cluster;
    this.number = number;
    this.writesLeft = writes;
  }

  boolean isDone() {
    return writesLeft == 0;
  }

  void think() {
    cluster.time().after(cluster.chance().between(0, 60 * SimTime.MILLI), this::writeNext);
  }

  private void writeNext() {
    if (isDone()) {
      return;
    }
    if (gateway.filter(SimNode::isServing).isEmpty() && !connect()) {
      think();
      return;
    }
    SimNode through = gateway.orElseThrow();
    Write write = write(through);
    int inSession = sessions;
    waiting = true;
    through
        .intake()
        .submit(write, () -> cluster.someMaster(write.master()))
        .onComplete(
            answer -> {
              if (inSession != sessions) {
                return;
              }
              waiting = false;
              writesLeft--;
              if (answer.succeeded()) {
                told(write, answer.result());
              } else {
                told(write, answer.cause());
              }
              think();
            });
    watch(through, inSession, counter);
  }

  /** The connection breaks when the gateway's process dies; whatever it asked is left open. */
  private void watch(SimNode through, int inSession, long asked) {
    cluster
        .time()
        .after(
            20 * SimTime.MILLI,
            () -> {
              if (inSession != sessions || asked != counter || !waiting) {
                return;
              }
              if (through.life().isDead()) {
                disconnect();
                writesLeft--;
                cluster.laws().unknown();
                think();
              } else {
                watch(through, inSession, asked);
              }
            });
  }

  private boolean connect() {
    Optional<SimNode> chosen = cluster.someServing();
    gateway = chosen;
    sessions++;
    session = SessionId.ofConnection(number, sessions);
    counter = 0;
    return chosen.isPresent();
  }

  private void disconnect() {
    gateway = Optional.empty();
    sessions++;
  }

  private Write write(SimNode through) {
    Chance chance = cluster.chance();
    counter++;
    boolean definition = chance.once(0.03);
    Optional<IdDraw> ids =
        !definition && chance.once(0.4)
            ? Optional.of(new IdDraw(TABLE, "id", 1 + chance.below(3), OptionalLong.empty(), false))
            : Optional.empty();
    NodeId master = cluster.someMaster(chance.of(cluster.nodes()));
    return new Write(
        new WriteId(session, counter),
        definition
            ? WriteKind.DDL
            : ids.isEmpty() && chance.once(0.3) ? WriteKind.TRANSACTION : WriteKind.DML,
        cluster.idOf(through),
        master,
        new Account("root", "localhost"),
        through.applier().position().seq(),
        List.of(
            new Step.Statement(
                "shop",
                List.of(),
                Bytes.ofLatin1("c" + number + "." + sessions + "." + counter),
                ids)),
        false);
  }

  private void told(Write write, Applied applied) {
    cluster
        .story()
        .tell(
            "client" + number,
            "hears that "
                + Writes.meaning(write)
                + " at "
                + applied.seq()
                + " "
                + Writes.brief(applied.outcome()));
    cluster.laws().acknowledged(write, applied);
  }

  private void told(Write write, Throwable cause) {
    cluster
        .story()
        .tell("client" + number, "hears that " + Writes.meaning(write) + " failed: " + cause);
    if (cluster.oughtToAnswer()) {
      cluster.laws().breakBy("liveness", Writes.meaning(write) + " has no answer: " + cause);
    }
    boolean calledFailed =
        cause instanceof NotWrittenException || cluster.sabotage() == Sabotage.CALL_UNKNOWN_FAILED;
    if (calledFailed) {
      cluster.laws().failed(write);
    } else if (cause instanceof OutcomeUnknownException) {
      cluster.laws().unknown();
      disconnect();
    } else {
      cluster.laws().breakBy("errors", "an answer that nobody foresaw: " + cause);
    }
  }
}
