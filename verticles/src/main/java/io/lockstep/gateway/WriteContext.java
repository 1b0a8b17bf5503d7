package io.lockstep.gateway;

import io.lockstep.bus.Timers;
import io.lockstep.model.Bytes;
import io.lockstep.model.Setting;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.Verdict;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Pins what a write's effect depends on beside its text. */
final class WriteContext {
  /** The server's seeds are below this (MariaDB source, my_rnd). */
  private static final int SEED_MAX = 0x3FFF_FFFF;

  private static final Bytes LAST_INSERT_ID = Bytes.utf8("SELECT @@last_insert_id LIMIT 1");
  private static final Bytes TIMESTAMP = Bytes.utf8("SELECT @@timestamp LIMIT 1");

  private final Timers timers;
  private final RandomGenerator random;

  WriteContext(Timers timers, RandomGenerator random) {
    this.timers = timers;
    this.random = random;
  }

  Future<List<Setting>> of(Session session, SettingsSnapshot settings, Verdict.Ordered verdict) {
    List<Setting> context = new ArrayList<>(settings.context());
    if (verdict.needs().contains(Verdict.Need.RAND)) {
      context.add(new Setting("rand_seed1", Integer.toString(random.nextInt(SEED_MAX))));
      context.add(new Setting("rand_seed2", Integer.toString(random.nextInt(SEED_MAX))));
    }
    if (verdict.needs().contains(Verdict.Need.CONNECTION_ID)) {
      context.add(new Setting("pseudo_thread_id", Long.toString(session.state().connectionId())));
    }
    return time(session, verdict, context)
        .compose(timed -> lastInsertId(session, verdict, context))
        .compose(known -> UserVariables.read(session.backend(), verdict.userVariables()))
        .map(
            variables -> {
              context.addAll(variables);
              return context;
            });
  }

  private Future<Void> time(Session session, Verdict.Ordered verdict, List<Setting> context) {
    if (!verdict.needs().contains(Verdict.Need.TIME)) {
      return Future.succeededFuture();
    }
    if (!session.state().ownTimestamp()) {
      Instant now = timers.now();
      context.add(
          new Setting(
              "timestamp",
              String.format(Locale.ROOT, "%d.%06d", now.getEpochSecond(), now.getNano() / 1_000)));
      return Future.succeededFuture();
    }
    return asked(session, TIMESTAMP, "timestamp", context);
  }

  /** What the session's own LAST_INSERT_ID() is: the backend's, told of the last write's first. */
  private Future<Void> lastInsertId(
      Session session, Verdict.Ordered verdict, List<Setting> context) {
    if (!verdict.needs().contains(Verdict.Need.LAST_INSERT_ID)) {
      return Future.succeededFuture();
    }
    session
        .state()
        .takeUnsentInsertId()
        .ifPresent(
            id ->
                session.backend().query("SET SESSION last_insert_id=" + Long.toUnsignedString(id)));
    return asked(session, LAST_INSERT_ID, "last_insert_id", context);
  }

  private static Future<Void> asked(
      Session session, Bytes question, String name, List<Setting> context) {
    return session
        .backend()
        .query(question)
        .compose(TextRows::of)
        .map(
            rows -> {
              context.add(new Setting(name, rows.single().map(Bytes::latin1).orElse("0")));
              return null;
            });
  }
}
