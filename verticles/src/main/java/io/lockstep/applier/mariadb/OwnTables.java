package io.lockstep.applier.mariadb;

import io.lockstep.applier.ReplicaDatabase.Bookkeeping;
import io.lockstep.applier.ReplicaDatabase.NextId;
import io.lockstep.applier.ReplicaDatabase.Remembered;
import io.lockstep.bus.BodyReader;
import io.lockstep.bus.BodyWriter;
import io.lockstep.bus.OutcomeCodec;
import io.lockstep.model.Bytes;
import io.lockstep.model.LogIndex;
import io.lockstep.model.Outcome;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.TableName;
import io.lockstep.model.WriteId;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Lockstep's own tables in the node's database, and the SQL that reads and writes them. */
final class OwnTables {
  /** Never replicated by statement, never checksummed; travels with a copy of the database. */
  static final String SCHEMA = "lockstep";

  private static final OutcomeCodec OUTCOMES = new OutcomeCodec();

  /** How many forgotten sessions one batch deletes at most; the rest follows with later ones. */
  private static final int FORGOTTEN_AT_ONCE_MAX = 1_000;

  private static final String INNODB =
      " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

  private OwnTables() {}

  static List<String> definitions() {
    return List.of(
        "CREATE DATABASE IF NOT EXISTS lockstep CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        "CREATE TABLE IF NOT EXISTS lockstep.position (id TINYINT NOT NULL PRIMARY KEY,"
            + " seq BIGINT NOT NULL, log_index BIGINT NOT NULL, digest BIGINT NOT NULL,"
            + " definitions_seq BIGINT NOT NULL)"
            + INNODB,
        "CREATE TABLE IF NOT EXISTS lockstep.last_write (high BIGINT NOT NULL, low BIGINT NOT NULL,"
            + " counter BIGINT NOT NULL, seq BIGINT NOT NULL, outcome LONGBLOB NOT NULL,"
            + " PRIMARY KEY (high, low), KEY seq (seq))"
            + INNODB,
        "CREATE TABLE IF NOT EXISTS lockstep.next_id (table_schema VARCHAR(64) NOT NULL,"
            + " table_name VARCHAR(64) NOT NULL, value BIGINT NOT NULL, exact TINYINT NOT NULL,"
            + " PRIMARY KEY (table_schema, table_name))"
            + INNODB,
        "CREATE TABLE IF NOT EXISTS lockstep.definition (schema_name VARCHAR(64) NOT NULL"
            + " PRIMARY KEY, seq BIGINT NOT NULL)"
            + INNODB,
        "CREATE TABLE IF NOT EXISTS lockstep.intent (id TINYINT NOT NULL PRIMARY KEY,"
            + " seq BIGINT NOT NULL, fingerprint VARBINARY(64) NOT NULL)"
            + INNODB,
        "CREATE TABLE IF NOT EXISTS lockstep.flushed (id TINYINT NOT NULL PRIMARY KEY,"
            + " times BIGINT NOT NULL)"
            + INNODB,
        // Edited by no rollback: whoever has edited it is no deadlock's victim (lock0lock.cc).
        "CREATE TABLE IF NOT EXISTS lockstep.weight (id TINYINT NOT NULL PRIMARY KEY,"
            + " times BIGINT NOT NULL) ENGINE=MEMORY",
        "INSERT IGNORE INTO lockstep.weight VALUES (1, 0)",
        "CREATE TABLE IF NOT EXISTS lockstep.user_lock (name VARBINARY(192) NOT NULL PRIMARY KEY,"
            + " gateway VARCHAR(100) NOT NULL, holder BIGINT NOT NULL, stamp BIGINT NOT NULL,"
            + " KEY holder (gateway, holder))"
            + INNODB,
        // Counts for as long as the user lock that is its lease. Names in lower case.
        "CREATE TABLE IF NOT EXISTS lockstep.table_lock (table_schema VARBINARY(256) NOT NULL,"
            + " table_name VARBINARY(256) NOT NULL, lease VARBINARY(192) NOT NULL,"
            + " writes TINYINT NOT NULL, PRIMARY KEY (table_schema, table_name, lease),"
            + " KEY lease (lease))"
            + INNODB,
        Sequences.TABLE + INNODB,
        EventRuns.TABLE + INNODB,
        "CREATE TABLE IF NOT EXISTS lockstep.global_value (name VARCHAR(64) NOT NULL PRIMARY KEY,"
            + " value VARCHAR(4096) NOT NULL)"
            + INNODB,
        "INSERT IGNORE INTO lockstep.position VALUES (1, 0, -1, 0, 0)",
        "INSERT IGNORE INTO lockstep.definition SELECT '', definitions_seq FROM lockstep.position",
        "INSERT IGNORE INTO lockstep.flushed VALUES (1, 0)");
  }

  static final String READ_POSITION =
      "SELECT seq, log_index, digest, definitions_seq FROM lockstep.position WHERE id = 1";

  static final String DIGEST = "SELECT digest FROM lockstep.position WHERE id = 1";

  /** Locks the row, so that whoever else believes to be this node's applier waits and then sees. */
  static final String CLAIM_POSITION = "SELECT seq FROM lockstep.position WHERE id = 1 FOR UPDATE";

  /**
   * Makes the applier's transaction the heaviest: of two transactions in a deadlock InnoDB rolls
   * back the one that has edited no table outside of transactions.
   */
  static final String OUTWEIGH = "UPDATE lockstep.weight SET times = times + 1 WHERE id = 1";

  static final String READ_LAST_WRITES =
      "SELECT high, low, counter, seq FROM lockstep.last_write ORDER BY seq";

  static final String READ_NEXT_IDS =
      "SELECT table_schema, table_name, value, exact FROM lockstep.next_id";

  static final String READ_DEFINITIONS = "SELECT schema_name, seq FROM lockstep.definition";

  static final String READ_INTENT = "SELECT seq, fingerprint FROM lockstep.intent WHERE id = 1";

  static final String END_INTENT = "DELETE FROM lockstep.intent WHERE id = 1";

  static String beginIntent(Seq seq, Bytes fingerprint) {
    return "REPLACE INTO lockstep.intent VALUES (1, "
        + seq.value()
        + ", "
        + Sql.bytes(fingerprint)
        + ")";
  }

  static final String TOUCH_FLUSHED = "UPDATE lockstep.flushed SET times = times + 1 WHERE id = 1";

  static Position position(Link.Row row) {
    return new Position(
        new Seq(row.number(0)), new LogIndex(row.number(1)), row.number(2), new Seq(row.number(3)));
  }

  static String readRemembered(WriteId id) {
    return "SELECT seq, outcome FROM lockstep.last_write WHERE high = "
        + id.session().high()
        + " AND low = "
        + id.session().low()
        + " AND counter = "
        + id.counter();
  }

  static Outcome outcome(Bytes stored) {
    BodyReader body = new BodyReader(Buffer.buffer(stored.view()));
    Outcome outcome = OUTCOMES.read(body);
    body.expectEnd();
    return outcome;
  }

  /** The statements that store the bookkeeping, without the commit. */
  static List<String> store(Bookkeeping bookkeeping) {
    List<String> statements = new ArrayList<>();
    Position to = bookkeeping.position();
    statements.add(
        "UPDATE lockstep.position SET seq="
            + to.seq()
            + ",log_index="
            + to.index()
            + ",digest="
            + to.digest()
            + ",definitions_seq="
            + to.definitionsSeq()
            + " WHERE id=1");
    if (!bookkeeping.remembered().isEmpty()) {
      statements.add(remember(bookkeeping.remembered()));
    }
    if (bookkeeping.forgetUpTo().isAfter(Seq.NONE)) {
      statements.add(
          "DELETE FROM lockstep.last_write WHERE seq<="
              + bookkeeping.forgetUpTo()
              + " ORDER BY seq LIMIT "
              + FORGOTTEN_AT_ONCE_MAX);
    }
    if (!bookkeeping.nextIds().isEmpty()) {
      statements.add(nextIds(bookkeeping.nextIds()));
    }
    bookkeeping.droppedNextIds().forEach(table -> statements.add(drop(table)));
    bookkeeping
        .droppedDefinitions()
        .forEach(
            schema ->
                statements.add(
                    "DELETE FROM lockstep.definition WHERE schema_name=" + Sql.text(schema)));
    if (!bookkeeping.definitions().isEmpty()) {
      statements.add(definitions(bookkeeping.definitions()));
    }
    return statements;
  }

  private static String remember(List<Remembered> writes) {
    return writes.stream()
        .map(OwnTables::values)
        .collect(Collectors.joining(",", "REPLACE INTO lockstep.last_write VALUES ", ""));
  }

  private static String values(Remembered write) {
    SessionId session = write.id().session();
    BodyWriter outcome = new BodyWriter();
    OUTCOMES.write(outcome, write.outcome());
    return "("
        + session.high()
        + ","
        + session.low()
        + ","
        + write.id().counter()
        + ","
        + write.seq()
        + ","
        + Sql.bytes(Bytes.owning(outcome.buffer().getBytes()))
        + ")";
  }

  private static String nextIds(Map<TableName, NextId> nextIds) {
    return nextIds.entrySet().stream()
        .map(
            next ->
                "("
                    + Sql.text(next.getKey().schema())
                    + ","
                    + Sql.text(next.getKey().table())
                    + ","
                    + next.getValue().value()
                    + ","
                    + (next.getValue().exact() ? 1 : 0)
                    + ")")
        .collect(Collectors.joining(",", "REPLACE INTO lockstep.next_id VALUES ", ""));
  }

  private static String definitions(Map<String, Seq> definitions) {
    return definitions.entrySet().stream()
        .map(last -> "(" + Sql.text(last.getKey()) + "," + last.getValue() + ")")
        .collect(Collectors.joining(",", "REPLACE INTO lockstep.definition VALUES ", ""));
  }

  private static String drop(TableName table) {
    return "DELETE FROM lockstep.next_id WHERE table_schema="
        + Sql.text(table.schema())
        + " AND table_name="
        + Sql.text(table.table());
  }
}
