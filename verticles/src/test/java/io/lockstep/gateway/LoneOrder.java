package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.model.Applied;
import io.lockstep.model.Bytes;
import io.lockstep.model.Head;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Outcome;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.lockstep.model.Sequenced;
import io.lockstep.model.Setting;
import io.lockstep.model.SettingDefaults;
import io.lockstep.model.Warning;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.mysql.BackendConnection;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.TextRows;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sequencer and applier of one node in one: executes each write at once, in the order it came. */
final class LoneOrder {
  private static final Logger LOG = LoggerFactory.getLogger(LoneOrder.class);

  private final NodeId self;
  private final Bus bus;
  private final BackendConnection database;
  private final Map<WriteId, Applied> applied = new HashMap<>();
  private volatile Position position = Position.START;
  private Future<Void> tail = Future.succeededFuture();

  LoneOrder(NodeId self, Bus bus, BackendConnection database) {
    this.self = self;
    this.bus = bus;
    this.database = database;
    database.ended().onSuccess(why -> LOG.error("the writer's connection ended", why));
  }

  Position position() {
    return position;
  }

  Future<Void> start() {
    return bus.answer(Addresses.PROPOSE, this::propose)
        .compose(on -> bus.answer(Addresses.REACHED, seq -> Future.succeededFuture(seq)))
        .compose(
            on ->
                bus.answer(
                    Addresses.HEAD,
                    asked -> Future.succeededFuture(new Head(position.index(), position.seq()))))
        .mapEmpty();
  }

  private Future<Sequenced> propose(Write write) {
    Seq seq = position.seq().next();
    if (applied.containsKey(write.id())) {
      bus.tell(Addresses.OUTCOMES, write.gateway(), applied.get(write.id()));
      return Future.succeededFuture(new Sequenced.At(seq));
    }
    tail = tail.transform(before -> apply(write)).mapEmpty();
    return Future.succeededFuture(new Sequenced.At(seq));
  }

  private Future<Void> apply(Write write) {
    SettingDefaults.ALL.forEach(setting -> assign(setting));
    write.statement().context().forEach(setting -> assign(setting));
    write.draw().ifPresent(draw -> assign(new Setting("insert_id", "0")));
    if (!write.statement().schema().isEmpty()) {
      database.useSchema(Bytes.utf8(write.statement().schema()));
    }
    return database
        .query(write.statement().sql())
        .compose(reply -> warnings().map(warnings -> outcome(reply, warnings)))
        .map(
            outcome -> {
              Position before = position;
              Seq seq = before.seq().next();
              Seq definitions = write.kind().changesDefinitions() ? seq : before.definitionsSeq();
              position = new Position(seq, new LogIndex(seq.value()), 0, definitions);
              Applied done = new Applied(write.id(), seq, outcome);
              applied.put(write.id(), done);
              bus.tell(Addresses.OUTCOMES, self, done);
              return null;
            });
  }

  private void assign(Setting setting) {
    database.query(Bytes.ofLatin1("SET " + setting.name() + "=" + setting.literal()));
  }

  private Future<List<Warning>> warnings() {
    return TextRows.query(database, "SHOW WARNINGS")
        .map(
            rows ->
                rows.rows().stream()
                    .map(
                        row ->
                            new Warning(
                                row.get(0).orElse(Bytes.EMPTY).utf8(),
                                Integer.parseInt(row.get(1).orElse(Bytes.EMPTY).utf8()),
                                row.get(2).orElse(Bytes.EMPTY).utf8()))
                    .toList());
  }

  private static Outcome outcome(Reply reply, List<Warning> warnings) {
    return reply.<Outcome>fold(
        ok -> {
          OkPacket packet = ok.packet();
          return new Outcome.Done(
              packet.affected(),
              packet.insertId(),
              packet.warnings(),
              packet.info(),
              packet.status(),
              warnings,
              List.of());
        },
        err ->
            new Outcome.Failed(err.error().code(), err.error().sqlState(), err.error().message()),
        results -> new Outcome.Done(0, 0, 0, "", 2, warnings, results.packets()));
  }
}
