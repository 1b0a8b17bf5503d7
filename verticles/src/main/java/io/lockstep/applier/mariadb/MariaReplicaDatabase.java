package io.lockstep.applier.mariadb;

import io.lockstep.applier.ReplicaDatabase;
import io.lockstep.bus.VertxTimers;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.ReplyShape;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The node's database as a MariaDB server. One connection executes the ordered writes, with {@code
 * autocommit=0}: a transaction's commit is sent when the answers to all its writes are seen,
 * because after a deadlock what was pipelined behind it would commit without what came before. Used
 * on one event loop, the one that calls {@link #open}.
 */
public final class MariaReplicaDatabase implements ReplicaDatabase {
  /** COM_SET_OPTION with MYSQL_OPTION_MULTI_STATEMENTS_ON and _OFF (MariaDB: COM_SET_OPTION). */
  private static final Buffer SEVERAL_STATEMENTS = Buffer.buffer(new byte[] {0x1b, 0, 0});

  private static final Buffer ONE_STATEMENT = Buffer.buffer(new byte[] {0x1b, 1, 0});

  /** Waits for a client's lock after which transactions that may hold it are ended. */
  private static final int LOCK_WAITS_TOLERATED = 2;

  private final Links links;
  private final Side side;
  private final Obstacles obstacles;
  private final OrphanSweep orphans;
  private Optional<Session> session = Optional.empty();
  private int lockWaitsInARow;

  /** What belongs to one connection and ends with it. */
  private static final class Session {
    private final Link link;
    private final PinnedContext context = new PinnedContext();
    private final OpenTransaction transaction;
    private final Optional<LoneExecution.Intent> unfinished;
    private Seq position;

    Session(Link link, Optional<LoneExecution.Intent> unfinished, Seq position) {
      this.link = link;
      this.unfinished = unfinished;
      this.position = position;
      this.transaction = new OpenTransaction(link, context);
    }

    private long connectionId() {
      return link.connection().greeting().connectionId();
    }
  }

  /**
   * @param makeWay asks the sessions that own these connections to roll their transactions back
   */
  public MariaReplicaDatabase(
      Vertx vertx, NetClient client, MariaOptions options, Consumer<List<Long>> makeWay) {
    this.links = new Links(vertx, client, options.backend());
    this.side = new Side(links, options.relaxedFlush());
    this.obstacles = new Obstacles(new VertxTimers(vertx), side, makeWay);
    this.orphans = new OrphanSweep(new VertxTimers(vertx), side);
  }

  @Override
  public Future<Recovered> open() {
    session.ifPresent(old -> old.link.connection().close());
    session = Optional.empty();
    orphans.start();
    return makeOwnTables()
        .compose(made -> links.forWrites())
        .compose(
            link ->
                link.rows(OwnTables.READ_INTENT)
                    .compose(
                        intent ->
                            link.rows(OwnTables.READ_POSITION)
                                .compose(position -> opened(link, intent, position)))
                    .onFailure(failure -> link.connection().close()));
  }

  /** Their rows are made durable at once: a table without its row would look like another state. */
  private Future<Void> makeOwnTables() {
    return side.link()
        .compose(
            link -> {
              Future<Void> made = Future.succeededFuture();
              for (String definition : OwnTables.definitions()) {
                made = made.compose(before -> link.run(definition).mapEmpty());
              }
              return made;
            })
        .compose(made -> side.link().compose(TimeZones::takePart))
        .compose(made -> side.link().compose(Branches::rollBackOrphans))
        .compose(free -> side.link().compose(GlobalValues::restore))
        .compose(free -> side.durably(OwnTables.TOUCH_FLUSHED));
  }

  private Future<Recovered> opened(Link link, List<Link.Row> intent, List<Link.Row> rows) {
    Position position = OwnTables.position(rows.get(0));
    Optional<LoneExecution.Intent> unfinished =
        intent.stream()
            .findFirst()
            .map(row -> new LoneExecution.Intent(new Seq(row.number(0)), row.bytes(1)));
    return link.rows(OwnTables.READ_LAST_WRITES)
        .compose(
            lastWrites ->
                link.rows(OwnTables.READ_NEXT_IDS)
                    .compose(
                        nextIds ->
                            link.rows(OwnTables.READ_DEFINITIONS)
                                .compose(changes -> link.run("ROLLBACK").map(changes))
                                .map(
                                    changes -> {
                                      session =
                                          Optional.of(
                                              new Session(link, unfinished, position.seq()));
                                      return new Recovered(
                                          position,
                                          lastWrites.stream()
                                              .map(MariaReplicaDatabase::lastWrite)
                                              .toList(),
                                          nextIds(nextIds),
                                          definitions(changes));
                                    })));
  }

  private static Map<String, Seq> definitions(List<Link.Row> rows) {
    Map<String, Seq> changes = new HashMap<>();
    rows.forEach(row -> changes.put(row.text(0), new Seq(row.number(1))));
    return changes;
  }

  private static LastWrite lastWrite(Link.Row row) {
    return new LastWrite(
        new SessionId(row.number(0), row.number(1)), row.number(2), new Seq(row.number(3)));
  }

  private static Map<TableName, NextId> nextIds(List<Link.Row> rows) {
    Map<TableName, NextId> nextIds = new HashMap<>();
    rows.forEach(
        row ->
            nextIds.put(
                new TableName(row.text(0), row.text(1)),
                new NextId(row.number(2), row.number(3) == 1)));
    return nextIds;
  }

  private <T> Future<T> inSession(Function<Session, Future<T>> action) {
    return session
        .map(action)
        .orElseGet(() -> Future.failedFuture(new EnvironmentException("not connected")));
  }

  @Override
  public Future<List<Outcome>> execute(List<Execution> executions) {
    return inSession(
        open ->
            obstacles
                .watch(
                    open.connectionId(), () -> open.transaction.execute(open.position, executions))
                .onSuccess(done -> lockWaitsInARow = 0)
                .recover(failure -> makeWayAndFail(open, failure)));
  }

  @Override
  public Future<List<Outcome>> executeSteps(List<Execution> executions) {
    return inSession(
        open ->
            obstacles
                .watch(
                    open.connectionId(),
                    () -> open.transaction.executeSteps(open.position, executions))
                .onSuccess(done -> lockWaitsInARow = 0)
                .recover(failure -> makeWayAndFail(open, failure)));
  }

  private <T> Future<T> makeWayAndFail(Session open, Throwable failure) {
    boolean lockWait = failure.getMessage() != null && failure.getMessage().startsWith("1205 ");
    if (!lockWait || ++lockWaitsInARow <= LOCK_WAITS_TOLERATED) {
      return Future.failedFuture(failure);
    }
    return side.endTransactionsOlderThan(LOCK_WAITS_TOLERATED, List.of(open.connectionId()))
        .transform(ended -> Future.failedFuture(failure));
  }

  @Override
  public Future<Void> commit(Bookkeeping bookkeeping) {
    return inSession(
        open ->
            open.transaction
                .begin(open.position)
                .compose(begun -> store(open, OwnTables.store(bookkeeping)))
                .onSuccess(
                    stored -> {
                      open.position = bookkeeping.position().seq();
                      open.transaction.committed();
                    }));
  }

  /** The bookkeeping and the commit in one packet, which the server leaves at the first error. */
  private static Future<Void> store(Session open, List<String> statements) {
    List<String> all = new ArrayList<>(statements);
    all.add("COMMIT");
    Future<Reply> on = open.link.connection().command(SEVERAL_STATEMENTS, ReplyShape.SINGLE);
    Future<Reply> stored = open.link.connection().query(Bytes.utf8(String.join(";", all)));
    Future<Reply> off = open.link.connection().command(ONE_STATEMENT, ReplyShape.SINGLE);
    return Future.join(on, stored, off)
        .compose(all3 -> Link.expectSuccess(stored.result()))
        .mapEmpty();
  }

  @Override
  public Future<Void> rollback() {
    return inSession(
        open ->
            open.link.run("ROLLBACK").onSuccess(done -> open.transaction.rolledBack()).mapEmpty());
  }

  @Override
  public Future<Outcome> executeAlone(Execution execution, Function<Outcome, Bookkeeping> after) {
    return inSession(
        open -> {
          LoneExecution lone = new LoneExecution(open.link, open.transaction, side, obstacles);
          return claim(open)
              .compose(free -> lone.run(execution, open.unfinished))
              .compose(
                  outcome ->
                      lone.settleSequences(execution.write(), outcome)
                          .map(
                              settled ->
                                  with(settled, EventRuns.settle(execution.write(), outcome)))
                          .compose(settled -> end(open, after.apply(outcome), settled))
                          .compose(ended -> lasting(execution.write()))
                          .map(outcome));
        });
  }

  /** Fails if the database is not where it must be; sent at once with what lets go of it again. */
  private Future<Void> claim(Session open) {
    Future<Void> claimed = open.transaction.begin(open.position);
    return rollback().compose(free -> claimed);
  }

  private static List<String> with(List<String> some, List<String> others) {
    List<String> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  /**
   * A sequence of the server lives outside of transactions: were it to last and its position not,
   * it would be read at another place of the order.
   */
  private Future<Void> lasting(Write definition) {
    return Sequences.defines(definition) ? flush() : Future.succeededFuture();
  }

  private static Future<Void> end(Session open, Bookkeeping bookkeeping, List<String> sequences) {
    List<String> statements = new ArrayList<>(OwnTables.store(bookkeeping));
    statements.addAll(sequences);
    statements.add(OwnTables.END_INTENT);
    return open.transaction
        .begin(open.position)
        .compose(begun -> store(open, statements))
        .onSuccess(
            stored -> {
              open.position = bookkeeping.position().seq();
              open.transaction.committed();
            });
  }

  @Override
  public Future<Optional<Remembered>> remembered(WriteId id) {
    return side.remembered(id);
  }

  /** A table or column that is not there has no ids; the write will fail with its own error. */
  @Override
  public Future<Long> highestId(TableName table, String column) {
    Bytes query =
        Bytes.utf8(
            OpenTransaction.neutral("SELECT MAX(" + Sql.name(column) + ") FROM " + table.quoted()));
    return inSession(
        open ->
            open.transaction
                .begin(open.position)
                .compose(begun -> open.link.connection().query(query))
                .compose(MariaReplicaDatabase::highest));
  }

  private static Future<Long> highest(Reply reply) {
    Optional<MySqlError> failure = reply.failure();
    if (failure.isPresent()) {
      return EnvironmentException.isEnvironment(failure.get())
          ? Future.failedFuture(EnvironmentException.of(failure.get()))
          : Future.succeededFuture(0L);
    }
    Link.Row row = Link.decode(reply).get(0);
    return Future.succeededFuture(row.isNull(0) ? 0L : asId(row.text(0)));
  }

  /** Ids above the range of a signed 64-bit integer are not counted further. */
  private static long asId(String number) {
    BigInteger value = new BigInteger(number.replaceFirst("\\..*", ""));
    return value.bitLength() > 63 ? Long.MAX_VALUE : Math.max(0, value.longValue());
  }

  @Override
  public Future<Snapshot> snapshot() {
    return links
        .forItself()
        .compose(
            link ->
                link.run(
                        "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;"
                            + "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
                    .map(started -> (Snapshot) new ContentChecksums(link))
                    .onFailure(failure -> link.connection().close()));
  }

  @Override
  public Future<Void> flush() {
    return side.durably(OwnTables.TOUCH_FLUSHED);
  }

  @Override
  public Future<Void> close() {
    session.ifPresent(open -> open.link.connection().close());
    session = Optional.empty();
    orphans.stop();
    side.close();
    return Future.succeededFuture();
  }
}
