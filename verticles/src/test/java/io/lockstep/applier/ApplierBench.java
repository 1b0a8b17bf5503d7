package io.lockstep.applier;

import io.lockstep.model.Account;
import io.lockstep.model.Applied;
import io.lockstep.model.Bytes;
import io.lockstep.model.IdDraw;
import io.lockstep.model.LogEntry;
import io.lockstep.model.NodeId;
import io.lockstep.model.Outcome;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.model.Term;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.model.WriteKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One applier over fakes, and the words in which its tests are told. */
final class ApplierBench {
  static final NodeId SELF = new NodeId("n1");
  static final NodeId OTHER = new NodeId("n2");
  static final TableName TABLE = new TableName("shop", "orders");

  final FakeLog log = new FakeLog();
  final FakeDatabase database = new FakeDatabase();
  final FakeTimers timers = new FakeTimers();
  final FakeBus bus = new FakeBus();
  final List<Throwable> fatal = new ArrayList<>();
  private Applier applier = newApplier();
  private Seq last = Seq.NONE;

  private Applier newApplier() {
    return new Applier(
        new ApplierPorts(SELF, log, database, bus, timers, Runnable::run),
        new SimpleMeterRegistry(),
        fatal::add);
  }

  Applier applier() {
    return applier;
  }

  ApplierBench started() {
    applier.recover();
    pass(Duration.ofMinutes(1));
    applier.start();
    return this;
  }

  /** The process dies and comes back. */
  void restart() {
    log.abandonReader();
    timers.forgetAll();
    applier = newApplier();
    started();
  }

  /** One entry of the log. */
  void order(Write... writes) {
    log.add(new LogEntry(new Term(1), last.next(), List.of(writes)));
    last = last.plus(writes.length);
  }

  void orderStampedWrongly(long firstSeq, Write write) {
    log.add(new LogEntry(new Term(1), new Seq(firstSeq), List.of(write)));
  }

  void pass(Duration time) {
    timers.pass(time);
  }

  List<Outcome> outcomes() {
    return bus.outcomes().stream().map(Applied::outcome).toList();
  }

  static Write write(long session, long counter, String sql) {
    return new Write(
        new WriteId(SessionId.ofConnection(1, session), counter),
        WriteKind.DML,
        OTHER,
        SELF,
        new Account("app", "%"),
        Seq.NONE,
        List.of(new Step.Statement("shop", List.of(), Bytes.utf8(sql), Optional.empty())),
        false);
  }

  static Write as(Write write, WriteKind kind) {
    return new Write(
        write.id(),
        kind,
        write.gateway(),
        write.master(),
        write.account(),
        write.basis(),
        write.steps(),
        write.foundRows());
  }

  static Write withBasis(Write write, long basis) {
    return new Write(
        write.id(),
        write.kind(),
        write.gateway(),
        write.master(),
        write.account(),
        new Seq(basis),
        write.steps(),
        write.foundRows());
  }

  static Write underKey(Write write, long counter) {
    return new Write(
        new WriteId(SessionId.ofKey(7, 7), counter),
        write.kind(),
        write.gateway(),
        write.master(),
        write.account(),
        write.basis(),
        write.steps(),
        write.foundRows());
  }

  static Write drawing(Write write, int drawn, OptionalLong explicitMax, boolean reread) {
    return drawing(write, new IdDraw(TABLE, "id", drawn, explicitMax, reread));
  }

  static Write drawing(Write write, IdDraw draw) {
    return new Write(
        write.id(),
        write.kind(),
        write.gateway(),
        write.master(),
        write.account(),
        write.basis(),
        List.of(
            new Step.Statement(
                write.statement().schema(),
                write.statement().context(),
                write.statement().sql(),
                Optional.of(draw))),
        write.foundRows());
  }

  /** A transaction of one statement, whose client was told this id as the first of its draw. */
  static Write told(Write write, long insertId) {
    Step.Statement step = write.statement();
    Step.Seen seen = new Step.Seen(0, OptionalLong.of(insertId), false);
    return new Write(
        write.id(),
        WriteKind.TRANSACTION,
        write.gateway(),
        write.master(),
        write.account(),
        write.basis(),
        List.of(
            new Step.Statement(
                step.schema(), step.context(), step.sql(), step.ids(), Optional.of(seen))),
        write.foundRows());
  }
}
