package io.lockstep.applier.mariadb;

import io.lockstep.applier.ReplicaDatabase.Snapshot;
import io.lockstep.model.Bytes;
import io.lockstep.sql.OwnProcedures;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Checksums that do not depend on how a server stores its rows: every row is written as text with
 * lengths and NULL marks and hashed, the hashes are added up. Rows are read from one consistent
 * snapshot; definitions, which must not change meanwhile, as they are.
 */
final class ContentChecksums implements Snapshot {
  private static final String SCHEMAS =
      " NOT IN ('mysql','information_schema','performance_schema','sys','"
          + OwnTables.SCHEMA
          + "')";

  /** What a node makes to run an event and drops again is its own. */
  static final String NOT_OF_EVENTS = " NOT " + OwnProcedures.isOne("name");

  private static final Pattern NEXT_ID = Pattern.compile(" AUTO_INCREMENT=\\d+");

  private static final String EVER = " FOR SYSTEM_TIME ALL";

  private static final String OUTCOMES = "outcomes of writes";

  private final Link link;
  private final Map<String, Bytes> sums = new TreeMap<>();

  /**
   * @param link a connection of this snapshot's own, with its snapshot open; closed at the end
   */
  ContentChecksums(Link link) {
    this.link = link;
  }

  @Override
  public Future<Map<String, Bytes>> checksums() {
    return tables()
        .compose(done -> schemas())
        .compose(done -> triggers())
        .compose(done -> routines("PROCEDURE"))
        .compose(done -> routines("FUNCTION"))
        .compose(done -> routines("PACKAGE"))
        .compose(done -> routines("PACKAGE BODY"))
        .compose(done -> events())
        .compose(done -> new AccountChecksums(link, sums).add())
        .compose(done -> outcomes())
        .map(done -> Map.copyOf(sums))
        .onComplete(done -> link.connection().quit());
  }

  /** What every write up to here has come to. */
  private Future<Void> outcomes() {
    return link.rows(OwnTables.DIGEST).map(rows -> put(OUTCOMES, hash(rows.get(0).text(0))));
  }

  private Future<Void> tables() {
    return link.wholeRows(
            "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES"
                + " WHERE TABLE_SCHEMA"
                + SCHEMAS
                + " OR "
                + TimeZones.ARE
                + " ORDER BY 1, 2")
        .compose(
            rows -> {
              Future<Void> done = Future.succeededFuture();
              for (Link.Row row : rows) {
                done = done.compose(before -> table(row.text(0), row.text(1), row.text(2)));
              }
              return done;
            });
  }

  private Future<Void> table(String schema, String name, String type) {
    String quoted = Sql.name(schema) + "." + Sql.name(name);
    boolean view = type.endsWith("VIEW");
    String key = (view ? "view " : "table ") + schema + "." + name;
    Future<Bytes> definition = shown("SHOW CREATE TABLE " + quoted, 1);
    if (type.equals("SEQUENCE")) {
      return definition.compose(
          hash ->
              link.rows(Sequences.state(schema, name))
                  .map(rows -> rows.stream().map(row -> row.text(0)).toList().toString())
                  .map(state -> put(key, joined(hash, hash(state)))));
    }
    if (!type.equals("BASE TABLE") && !type.equals("SYSTEM VERSIONED")) {
      return definition.map(hash -> put(key, hash));
    }
    return definition.compose(
        hash ->
            rows(schema, name, quoted, type.equals("SYSTEM VERSIONED"))
                .map(content -> put(key, joined(hash, content))));
  }

  /** Those of a system-versioned table with its history. */
  private Future<Bytes> rows(String schema, String name, String quoted, boolean versioned) {
    return link.wholeRows(
            "SELECT COLUMN_NAME, DATA_TYPE, GENERATION_EXPRESSION FROM information_schema.COLUMNS WHERE TABLE_SCHEMA="
                + Sql.text(schema)
                + " AND TABLE_NAME="
                + Sql.text(name)
                + " ORDER BY ORDINAL_POSITION")
        .compose(
            columns ->
                link.rows(sum(values(columns, versioned), versioned ? quoted + EVER : quoted)))
        .map(
            rows ->
                Bytes.utf8(
                    rows.get(0).text(0) + ":" + rows.get(0).text(1) + ":" + rows.get(0).text(2)));
  }

  /** Two halves of each row's MD5 are added, so that equal rows do not cancel one another. */
  private static String sum(List<String> values, String quoted) {
    List<String> parts = new ArrayList<>();
    for (String value : values) {
      parts.add("IFNULL(CONCAT(OCTET_LENGTH(" + value + "),':'," + value + "),'N')");
    }
    String row = "MD5(CONCAT(" + String.join(",", parts) + "))";
    return "SELECT COUNT(*), SUM(CONV(LEFT(h,14),16,10)), SUM(CONV(RIGHT(h,14),16,10)) FROM (SELECT "
        + row
        + " AS h FROM "
        + quoted
        + ") AS hashed";
  }

  /** The times of a versioned row have columns that are not listed, unless they were defined. */
  private static List<String> values(List<Link.Row> columns, boolean versioned) {
    List<String> values = new ArrayList<>();
    boolean listed = false;
    for (Link.Row column : columns) {
      values.add(value(Sql.name(column.text(0)), column.text(1)));
      listed |= !column.isNull(2) && column.text(2).equals("ROW START");
    }
    if (versioned && !listed) {
      values.add(value("row_start", "timestamp"));
      values.add(value("row_end", "timestamp"));
    }
    return values;
  }

  private static String value(String column, String type) {
    return type.equals("bit") ? "HEX(" + column + ")" : "CAST(" + column + " AS BINARY)";
  }

  private Future<Void> schemas() {
    return link.rows(
            "SELECT SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME, SCHEMA_COMMENT"
                + " FROM information_schema.SCHEMATA WHERE SCHEMA_NAME"
                + SCHEMAS)
        .map(
            rows -> {
              rows.forEach(
                  row ->
                      put(
                          "schema " + row.text(0),
                          hash(row.text(1) + " " + row.text(2) + " " + row.text(3))));
              return (Void) null;
            });
  }

  private Future<Void> triggers() {
    return each(
        "SELECT TRIGGER_SCHEMA, TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA"
            + SCHEMAS,
        "trigger ",
        "SHOW CREATE TRIGGER ",
        2);
  }

  private Future<Void> routines(String type) {
    return each(
        "SELECT db, name FROM mysql.proc WHERE type='"
            + type
            + "' AND"
            + NOT_OF_EVENTS
            + " AND db"
            + SCHEMAS,
        type.toLowerCase(java.util.Locale.ROOT) + " ",
        "SHOW CREATE " + type + " ",
        2);
  }

  /** Not when it was executed last, and by which server it was made. */
  private Future<Void> events() {
    return link.rows(
            "SELECT db, name, CONCAT_WS('|', definer, status, on_completion, IFNULL(execute_at,''),"
                + " IFNULL(interval_value,''), IFNULL(interval_field,''), IFNULL(starts,''),"
                + " IFNULL(ends,''), sql_mode, time_zone, character_set_client,"
                + " collation_connection, db_collation, comment, HEX(body))"
                + " FROM mysql.event WHERE db"
                + SCHEMAS)
        .map(
            rows -> {
              rows.forEach(
                  row -> put("event " + row.text(0) + "." + row.text(1), hash(row.text(2))));
              return (Void) null;
            });
  }

  private Future<Void> each(String list, String kind, String show, int column) {
    return link.wholeRows(list)
        .compose(
            rows -> {
              Future<Void> done = Future.succeededFuture();
              for (Link.Row row : rows) {
                String name = Sql.name(row.text(0)) + "." + Sql.name(row.text(1));
                String key = kind + row.text(0) + "." + row.text(1);
                done =
                    done.compose(before -> shown(show + name, column).map(hash -> put(key, hash)));
              }
              return done;
            });
  }

  /** A view over tables that are gone cannot be shown; every node says so with the same code. */
  private Future<Bytes> shown(String show, int column) {
    return link.connection()
        .query(Bytes.utf8(show))
        .map(
            reply ->
                reply
                    .failure()
                    .map(error -> hash("error " + error.code()))
                    .orElseGet(() -> hash(shownText(reply, column))));
  }

  private static String shownText(io.lockstep.mysql.Reply reply, int column) {
    String text = Link.decode(reply).get(0).bytes(column).latin1();
    return withoutNextId(text);
  }

  /** What SHOW CREATE TABLE says, but for the id that open transactions move. */
  static String withoutNextId(String shown) {
    return NEXT_ID.matcher(shown).replaceFirst("");
  }

  private Void put(String key, Bytes sum) {
    sums.put(key, sum);
    return null;
  }

  private static Bytes joined(Bytes first, Bytes second) {
    return hash(first.latin1() + second.latin1());
  }

  static Bytes hash(String text) {
    MessageDigest digest = Fingerprint.sha256();
    return Bytes.owning(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
