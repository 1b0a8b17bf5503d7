package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.ProcedureAsked;
import io.lockstep.model.ProcedureMade;
import io.lockstep.model.TableName;
import io.lockstep.mysql.BackendConnection;
import io.lockstep.mysql.BackendRefusedException;
import io.lockstep.mysql.Capabilities;
import io.lockstep.mysql.Collations;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.CommittingProcedures;
import io.lockstep.sql.OwnProcedures;
import io.lockstep.sql.StoredProcedure;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The procedures that this node keeps in the place of those that begin or end transactions
 * themselves: the same with savepoints, so that they can be called inside a branch. Answers the
 * gateways whose sessions are at this node's database, one after the other, on its gateway's
 * context.
 */
final class LocalProcedures {
  /** How many are kept; the longest unused is dropped for another. */
  static final int KEPT_MAX = 64;

  /**
   * One that nobody has called for so long is dropped: until then an account that may not call what
   * it stands for any more could call it by its name.
   */
  static final Duration IDLE = Duration.ofSeconds(30);

  /** Questions that may wait for their turn; the next is told to come later. */
  static final int WAITING_MAX = 1_000;

  private static final int CAPABILITIES =
      Capabilities.PROTOCOL_41 | Capabilities.MULTI_RESULTS | Capabilities.TRANSACTIONS;

  static final MySqlError FORM =
      MySqlError.notSupported(
          "AND CHAIN, RELEASE, READ ONLY and their like in a stored procedure; leave them out");

  /** There may be something else to say, if the definition is not reached. */
  static final MySqlError UNCLEAR =
      MySqlError.notSupported(
          "a stored procedure whose definitions cannot be ordered while it waits");

  static final MySqlError RIGHTS =
      MySqlError.notSupported(
          "a stored procedure that ends transactions and is called by another one whose account"
              + " has no EXECUTE of its own for it");

  /** What decides how they have to be. */
  private record Key(CommittingProcedures stored, boolean autocommit) {}

  /** Those of one key, and who may call which. */
  private static final class Kept {
    private final Map<StoredProcedure, OwnProcedure> procedures = new LinkedHashMap<>();
    private final Set<Admission> admitted = new HashSet<>();
    private long usedNanos;

    OwnProcedure of(StoredProcedure stored) {
      return Optional.ofNullable(procedures.get(stored)).orElseThrow();
    }
  }

  private record Admission(StoredProcedure procedure, Account account, boolean first) {}

  private final SessionParts parts;
  private final Map<Key, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
  private Optional<BackendConnection> connection = Optional.empty();
  private Future<?> last = Future.succeededFuture();
  private int waiting;
  private boolean sweeping;

  LocalProcedures(SessionParts parts) {
    this.parts = parts;
  }

  /** Begins to answer. */
  Future<Void> start() {
    return parts.ports().bus().answer(Addresses.PROCEDURE, this::answer).mapEmpty();
  }

  private Future<ProcedureMade> answer(ProcedureAsked asked) {
    if (waiting >= WAITING_MAX) {
      return refused(MySqlError.notReady("too many calls of procedures wait"));
    }
    waiting++;
    Future<ProcedureMade> answer =
        last.transform(
            before ->
                CommittingProcedures.behind(
                        asked.procedure(),
                        asked.program().map(program -> stored(asked, program)),
                        parts.catalogue(),
                        asked.definitions(),
                        asked.defines(),
                        asked.numbers())
                    .compose(stored -> answer(stored, asked)));
    last = answer.onComplete(done -> waiting--);
    return answer;
  }

  private static StoredProcedure stored(ProcedureAsked asked, ProcedureAsked.Program program) {
    return StoredProcedure.of(
        asked.procedure(),
        Bytes.EMPTY,
        program.body(),
        asked.caller(),
        true,
        new StoredProcedure.Context(program.sqlMode(), program.charset(), program.collation()));
  }

  private static Future<ProcedureMade> refused(MySqlError error) {
    return Future.succeededFuture(new ProcedureMade.Refused(error));
  }

  private Future<ProcedureMade> answer(CommittingProcedures stored, ProcedureAsked asked) {
    if (stored.isEmpty()) {
      // Its definition has changed since the asker looked.
      return refused(MySqlError.deadlock());
    }
    Key key = new Key(stored, asked.autocommit());
    return side()
        .compose(
            side ->
                stillThere(side, key)
                    .compose(there -> there ? found(key) : make(side, key))
                    .compose(own -> admit(side, key, own, asked.caller())))
        .<ProcedureMade>map(ProcedureMade.Made::new)
        .recover(
            cause ->
                cause instanceof BackendRefusedException refused
                    ? refused(refused.error())
                    : cause instanceof ClientErrorException own
                        ? refused(own.error())
                        : Future.failedFuture(cause));
  }

  private Future<Kept> found(Key key) {
    return Future.succeededFuture(Optional.ofNullable(kept.get(key)).orElseThrow());
  }

  /** A schema may have been dropped, and made again since. */
  private Future<Boolean> stillThere(BackendConnection side, Key key) {
    Optional<Kept> known = Optional.ofNullable(kept.get(key));
    return known
        .map(
            one ->
                TextRows.query(side, count(one))
                    .map(
                        rows -> {
                          int there = rows.rows().size();
                          if (there < one.procedures.size()) {
                            kept.remove(key);
                          }
                          return there == one.procedures.size();
                        }))
        .orElseGet(() -> Future.succeededFuture(false));
  }

  private static String count(Kept one) {
    return one.procedures.values().stream()
        .map(
            own ->
                "(db="
                    + ProcessList.hex(own.name().schema())
                    + " AND name='"
                    + own.name().table()
                    + "')")
        .collect(
            Collectors.joining(
                " OR ", "SELECT 1 FROM mysql.proc WHERE type='PROCEDURE' AND (", ")"));
  }

  private Future<Kept> make(BackendConnection side, Key key) {
    Kept fresh = new Kept();
    Map<TableName, String> called = new HashMap<>();
    Map<StoredProcedure, TableName> names = new HashMap<>();
    for (StoredProcedure stored : key.stored().members()) {
      names.put(
          stored,
          new TableName(stored.name().schema(), OwnProcedures.name(parts.random().nextLong())));
    }
    key.stored().named().forEach((name, stored) -> called.put(name, quoted(names, stored)));
    Future<Void> done = room(side);
    for (StoredProcedure stored : key.stored().members()) {
      Optional<OwnProcedure> own = own(stored, key, called, names);
      if (own.isEmpty()) {
        return Future.failedFuture(
            new ClientErrorException(key.stored().definitions() ? UNCLEAR : FORM));
      }
      fresh.procedures.put(stored, own.get());
      done = done.compose(before -> own.get().make(side));
    }
    return done.map(
            made -> {
              kept.put(key, fresh);
              return fresh;
            })
        .onFailure(cause -> drop(side, fresh));
  }

  private static String quoted(Map<StoredProcedure, TableName> names, StoredProcedure stored) {
    return Optional.ofNullable(names.get(stored)).orElseThrow().quoted();
  }

  private static Optional<OwnProcedure> own(
      StoredProcedure stored,
      Key key,
      Map<TableName, String> called,
      Map<StoredProcedure, TableName> names) {
    return stored
        .asSavepoints(
            key.autocommit(),
            called,
            key.stored().tables(),
            key.stored().definitions(),
            key.stored().numbered() ? key.stored().numbers() : Map.of())
        .map(
            body ->
                new OwnProcedure(
                    Optional.ofNullable(names.get(stored)).orElseThrow(),
                    stored.definer(),
                    stored.invokers(),
                    stored.parameters(),
                    body,
                    stored.context()));
  }

  private Future<Void> room(BackendConnection side) {
    if (kept.size() < KEPT_MAX) {
      return Future.succeededFuture();
    }
    Iterator<Kept> eldest = kept.values().iterator();
    Kept dropped = eldest.next();
    eldest.remove();
    return drop(side, dropped);
  }

  private static Future<Void> drop(BackendConnection side, Kept dropped) {
    Future<Void> done = Future.succeededFuture();
    for (OwnProcedure own : dropped.procedures.values()) {
      done = done.compose(before -> own.drop(side));
    }
    return done;
  }

  /** Completes with the name of the one that is to be called. */
  private Future<String> admit(BackendConnection side, Key key, Kept own, Account caller) {
    Future<Void> done = Future.succeededFuture();
    for (Admission one : admissions(key.stored(), caller)) {
      if (!own.admitted.contains(one)) {
        done =
            done.compose(before -> mayCall(side, one))
                .compose(may -> own.of(one.procedure()).admit(side, one.account()))
                .onSuccess(in -> own.admitted.add(one));
      }
    }
    own.usedNanos = parts.ports().timers().nanos();
    sweepLater();
    return done.map(in -> own.of(key.stored().members().get(0)).name().table());
  }

  private void sweepLater() {
    if (!sweeping) {
      sweeping = true;
      parts.ports().timers().after(IDLE, () -> last = last.transform(before -> sweep()));
    }
  }

  private Future<Void> sweep() {
    sweeping = false;
    long now = parts.ports().timers().nanos();
    List<Kept> idle =
        kept.values().stream().filter(one -> now - one.usedNanos >= IDLE.toNanos()).toList();
    kept.values().removeAll(idle);
    if (!kept.isEmpty()) {
      sweepLater();
    }
    return idle.isEmpty()
        ? Future.succeededFuture()
        : side()
            .compose(side -> Future.join(idle.stream().map(one -> drop(side, one)).toList()))
            .mapEmpty();
  }

  /** The client's right to call the first one has been looked at by its gateway. */
  private static Future<Void> mayCall(BackendConnection side, Admission one) {
    TableName name = one.procedure().name();
    return one.first() || one.account().equals(one.procedure().definer())
        ? Future.succeededFuture()
        : OwnProcedure.grants(side, one.account())
            .compose(
                grants ->
                    grants.routine("EXECUTE", name.schema(), name.table())
                        ? Future.succeededFuture()
                        : Future.failedFuture(new ClientErrorException(RIGHTS)));
  }

  /**
   * Who calls what: the client the first one, and each member's account those behind it. Definers
   * have to be let in as well (MariaDB: sp_head::set_routine_security_ctx).
   */
  private static Set<Admission> admissions(CommittingProcedures stored, Account caller) {
    Set<Admission> all = new LinkedHashSet<>();
    Deque<Admission> ahead =
        new ArrayDeque<>(List.of(new Admission(stored.members().get(0), caller, true)));
    while (!ahead.isEmpty()) {
      Admission next = ahead.remove();
      if (!all.add(next)) {
        continue;
      }
      StoredProcedure procedure = next.procedure();
      all.add(new Admission(procedure, procedure.definer(), false));
      Account runs = procedure.invokers() ? next.account() : procedure.definer();
      for (StoredProcedure callee : stored.callees(procedure)) {
        ahead.add(new Admission(callee, runs, false));
      }
    }
    return all;
  }

  private Future<BackendConnection> side() {
    Optional<BackendConnection> open = connection.filter(BackendConnection::open);
    return open.map(Future::succeededFuture)
        .orElseGet(
            () ->
                parts
                    .ports()
                    .board()
                    .of(parts.ports().self())
                    .map(
                        advert ->
                            BackendConnection.connect(
                                parts.vertx(),
                                parts.net(),
                                BackendFace.own(
                                        parts.ports().own(),
                                        CAPABILITIES,
                                        Collations.UTF8MB4_GENERAL_CI,
                                        parts.ports().self())
                                    .options(advert.endpoints(), Optional.empty())))
                    .orElseGet(
                        () -> Future.failedFuture(new SessionLostException("no database here"))))
        .onSuccess(opened -> connection = Optional.of(opened));
  }
}
