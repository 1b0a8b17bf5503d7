package io.lockstep.chaos.live;

import io.lockstep.applier.ReplicaDatabase;
import io.lockstep.applier.ReplicaDatabase.Bookkeeping;
import io.lockstep.applier.ReplicaDatabase.Execution;
import io.lockstep.applier.ReplicaDatabase.Recovered;
import io.lockstep.applier.mariadb.MariaOptions;
import io.lockstep.applier.mariadb.MariaReplicaDatabase;
import io.lockstep.bus.Addresses;
import io.lockstep.bus.VertxBus;
import io.lockstep.bus.VertxTimers;
import io.lockstep.capture.CaptureVerticle;
import io.lockstep.model.Account;
import io.lockstep.model.BranchId;
import io.lockstep.model.Bytes;
import io.lockstep.model.Capture;
import io.lockstep.model.CaptureQuestion;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Outcome;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.Step;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.model.WriteKind;
import io.lockstep.mysql.BackendCredential;
import io.lockstep.mysql.BackendOptions;
import io.lockstep.runtime.database.DatabaseAccess;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Two databases without a cluster: rows are captured at the first, and applied at both in the same
 * order.
 */
final class CaptureBench implements AutoCloseable {
  private static final NodeId FIRST = new NodeId("first");

  private final Vertx vertx = Vertx.vertx();
  private final VertxBus bus = VertxBus.on(vertx, FIRST);
  private final Context loop = vertx.getOrCreateContext();
  private final List<DatabaseAccess> accesses;
  private final List<ReplicaDatabase> replicas = new ArrayList<>();
  private final List<Connection> connections = new ArrayList<>();
  private final List<Position> positions = new ArrayList<>();
  private long branches = System.nanoTime();

  CaptureBench(List<DatabaseAccess> accesses) throws Exception {
    this.accesses = accesses;
    await(
        vertx.deployVerticle(
            new CaptureVerticle(bus, new VertxTimers(vertx), backend(accesses.get(0)), true)));
    for (DatabaseAccess access : accesses) {
      replicas.add(
          new MariaReplicaDatabase(
              vertx, vertx.createNetClient(), MariaOptions.of(backend(access)), blocking -> {}));
      connections.add(connect(access));
    }
    reopen();
  }

  /** Opens the replicas (again), as a node does at its start. */
  void reopen() throws Exception {
    positions.clear();
    for (ReplicaDatabase replica : replicas) {
      Recovered recovered = onLoop(replica::open);
      positions.add(recovered.position());
    }
  }

  private static BackendOptions backend(DatabaseAccess access) {
    return BackendOptions.of(
        SocketAddress.inetSocketAddress(access.port(), access.host()),
        access.user(),
        new BackendCredential.Cleartext(access.password()));
  }

  private static Connection connect(DatabaseAccess access) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mariadb://"
            + access.host()
            + ":"
            + access.port()
            + "/?allowMultiQueries=false&allowPublicKeyRetrieval=true",
        access.user(),
        access.password());
  }

  Connection another(int database) throws SQLException {
    return connect(accesses.get(database));
  }

  Connection at(int database) {
    return connections.get(database);
  }

  /** The same statement at both, past everything. */
  void both(String... statements) throws SQLException {
    for (Connection connection : connections) {
      OneNode.run(connection, "SET SESSION sql_log_bin=0");
      OneNode.run(connection, statements);
      OneNode.run(connection, "SET SESSION sql_log_bin=1");
    }
  }

  /** What the statements change at the first database, of which nothing remains there. */
  Capture captured(String... statements) throws Exception {
    BranchId branch = new BranchId(BranchId.PREFIX + branches++);
    try (Connection client = another(0)) {
      prepare(client, branch, statements);
      Capture capture = ask(branch);
      OneNode.run(client, "XA ROLLBACK '" + branch.name() + "'");
      return capture;
    }
  }

  static void prepare(Connection at, BranchId branch, String... statements) throws SQLException {
    OneNode.run(at, "USE d", "XA START '" + branch.name() + "'");
    OneNode.run(at, statements);
    OneNode.run(at, "XA END '" + branch.name() + "'", "XA PREPARE '" + branch.name() + "'");
  }

  /** Right after its start, the reader cannot be sure that a branch has changed nothing. */
  void awaitSureness() throws Exception {
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      try {
        captured("DO 0");
        return;
      } catch (ExecutionException unsure) {
        if (System.nanoTime() > until) {
          throw unsure;
        }
      }
    }
  }

  Capture ask(BranchId branch) throws Exception {
    return await(
        bus.ask(
            Addresses.CAPTURE, FIRST, new CaptureQuestion(branch, 0), Addresses.CAPTURE_WITHIN));
  }

  List<Bytes> rows(String... statements) throws Exception {
    return captured(statements)
        .fold(
            rows -> rows.part(""),
            unusable -> {
              throw new AssertionError(unusable.reason());
            });
  }

  /** Captures, applies at both, and gives the outcome, which must be the same. */
  List<Outcome> captureAndApply(String... statements) throws Exception {
    return apply(rows(statements));
  }

  List<Outcome> apply(List<Bytes> events) throws Exception {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < replicas.size(); i++) {
      outcomes.add(apply(i, events));
    }
    return outcomes;
  }

  private Outcome apply(int database, List<Bytes> events) throws Exception {
    return transactions(database, List.of(List.of(new Step.Rows(events)))).get(0);
  }

  /** Applies transactions as neighbours in one batch. */
  List<Outcome> transactions(int database, List<List<Step>> transactions) throws Exception {
    ReplicaDatabase replica = replicas.get(database);
    Position before = positions.get(database);
    List<Execution> executions = new ArrayList<>();
    Seq seq = before.seq();
    for (List<Step> steps : transactions) {
      seq = seq.next();
      executions.add(
          new Execution(seq, transaction(seq, before.seq(), steps), OptionalLong.empty()));
    }
    Position after =
        new Position(seq, new LogIndex(seq.value()), before.digest(), before.definitionsSeq());
    List<Outcome> outcomes =
        onLoop(
            () ->
                replica
                    .executeSteps(executions)
                    .compose(
                        done ->
                            replica
                                .commit(
                                    new Bookkeeping(
                                        after, List.of(), Seq.NONE, Map.of(), Set.of(), Map.of(),
                                        Set.of()))
                                .map(done)));
    positions.set(database, after);
    return outcomes;
  }

  private static Write transaction(Seq seq, Seq basis, List<Step> steps) {
    return new Write(
        new WriteId(new SessionId(7, 7), seq.value()),
        WriteKind.TRANSACTION,
        FIRST,
        FIRST,
        new Account("app", "%"),
        basis,
        steps,
        false);
  }

  private <T> T onLoop(Callable<Future<T>> action) throws Exception {
    io.vertx.core.Promise<T> promise = io.vertx.core.Promise.promise();
    loop.runOnContext(
        now -> {
          try {
            action.call().onComplete(promise);
          } catch (Exception e) {
            promise.fail(e);
          }
        });
    return await(promise.future());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    for (Connection connection : connections) {
      connection.close();
    }
    for (ReplicaDatabase replica : replicas) {
      onLoop(replica::close);
    }
    await(vertx.close());
  }
}
