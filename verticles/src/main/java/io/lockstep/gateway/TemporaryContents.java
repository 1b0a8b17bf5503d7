package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.TableName;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.TextRows;
import io.vertx.core.Future;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of a session's temporary tables as a stored program left them in a branch. They would go
 * with the branch, which is only ever rolled back: so they are read before that, and written again
 * when what the branch did has taken effect. Lives on its session's context.
 */
final class TemporaryContents {
  /** Bytes of rows that are carried over. */
  static final long BYTES_MAX = 16 << 20;

  private static final int STATEMENT_BYTES_MAX = 1 << 20;
  private static final Logger LOG = LoggerFactory.getLogger(TemporaryContents.class);

  private static final MySqlError TOO_MUCH =
      MySqlError.notSupported(
          "a transaction or a stored program that leaves more than "
              + BYTES_MAX
              + " bytes in temporary tables which it cannot write again; change fewer rows, or use a"
              + " table");

  private static final String GENERATED = "GENERATED";

  private final Map<TableName, TextRows> tables = new LinkedHashMap<>();

  private final Backend backend;
  private final Charset charset;

  private TemporaryContents(Backend backend, Charset charset) {
    this.backend = backend;
    this.charset = charset;
  }

  boolean isEmpty() {
    return tables.isEmpty();
  }

  /** Those of the tables that are there. */
  Set<TableName> tables() {
    return tables.keySet();
  }

  /**
   * Reads what the branch on this connection holds; fails with 1235 when that is too much.
   *
   * @param charset in which the connection reads texts
   */
  static Future<TemporaryContents> read(Backend backend, Charset charset, Set<TableName> names) {
    TemporaryContents contents = new TemporaryContents(backend, charset);
    Future<Void> read = Future.succeededFuture();
    for (TableName name : names) {
      read =
          read.compose(before -> contents.isTemporary(name))
              .compose(is -> is ? contents.add(name) : Future.succeededFuture());
    }
    return read.map(contents);
  }

  /** A procedure may have dropped it, and then its name may be another table's. */
  private Future<Boolean> isTemporary(TableName name) {
    return query("SHOW CREATE TABLE " + name.quoted())
        .compose(
            reply ->
                reply.failure().isPresent()
                    ? Future.succeededFuture(false)
                    : TextRows.of(reply).map(TemporaryContents::isTemporary));
  }

  private static boolean isTemporary(TextRows shown) {
    return shown.rows().stream()
        .flatMap(row -> row.stream().skip(1).findFirst().orElse(Optional.empty()).stream())
        .anyMatch(text -> text.latin1().startsWith("CREATE TEMPORARY TABLE "));
  }

  /** All but what is computed, as it is stored: in the character set of each column. */
  private Future<TextRows> rows(TableName name) {
    return query(
            "SET STATEMENT character_set_results=utf8mb4 FOR SHOW COLUMNS FROM " + name.quoted())
        .compose(TextRows::of)
        .compose(
            columns ->
                query(
                    "SET STATEMENT character_set_results=NULL FOR SELECT "
                        + stored(columns)
                        + " FROM "
                        + name.quoted()))
        .compose(TextRows::of);
  }

  private static String stored(TextRows columns) {
    return columns.rows().stream()
        .filter(column -> !text(column, column.size() - 1).contains(GENERATED))
        .map(column -> quoted(text(column, 0)))
        .collect(Collectors.joining(","));
  }

  private static String text(List<Optional<Bytes>> row, int column) {
    return row.get(column).map(Bytes::utf8).orElse("");
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  private Future<Void> add(TableName name) {
    return rows(name)
        .compose(
            rows -> {
              tables.put(name, rows);
              return bytes() > BYTES_MAX
                  ? Future.failedFuture(new ClientErrorException(TOO_MUCH))
                  : Future.succeededFuture();
            });
  }

  private long bytes() {
    return tables.values().stream()
        .flatMap(rows -> rows.rows().stream())
        .flatMap(List::stream)
        .mapToLong(value -> value.map(Bytes::length).orElse(0))
        .sum();
  }

  /**
   * Puts the rows in the place of what is there now. A table in which that cannot be is dropped:
   * its reader then hears that it is gone, and never sees other rows.
   */
  Future<Void> restore() {
    Future<Void> done = Future.succeededFuture();
    for (Map.Entry<TableName, TextRows> table : tables.entrySet()) {
      done = done.compose(before -> restore(table.getKey(), table.getValue()));
    }
    return done;
  }

  private Future<Void> restore(TableName name, TextRows rows) {
    return isTemporary(name)
        .compose(
            is ->
                is
                    ? rows(name)
                        .compose(
                            now ->
                                now.equals(rows) ? Future.succeededFuture() : replace(name, rows))
                    : Future.succeededFuture());
  }

  private Future<Void> replace(TableName name, TextRows rows) {
    Future<Void> done = run("DELETE FROM " + name.quoted());
    for (String insert : inserts(name, rows)) {
      done = done.compose(before -> run(insert));
    }
    return done.recover(
        cause -> {
          LOG.warn("the temporary table {} is lost: {}", name, cause.getMessage());
          return run("DROP TEMPORARY TABLE IF EXISTS " + name.quoted());
        });
  }

  private Future<Reply> query(String sql) {
    return backend.query(text(sql));
  }

  private Bytes text(String sql) {
    return Bytes.owning(sql.getBytes(charset));
  }

  private Future<Void> run(String sql) {
    return backend
        .unprotected(text("SET STATEMENT sql_mode='NO_AUTO_VALUE_ON_ZERO' FOR " + sql))
        .compose(
            reply ->
                reply
                    .failure()
                    .<Future<Void>>map(
                        error -> Future.failedFuture(new ClientErrorException(error)))
                    .orElseGet(Future::succeededFuture));
  }

  private static List<String> inserts(TableName name, TextRows rows) {
    String columns =
        rows.columns().stream().map(TemporaryContents::quoted).collect(Collectors.joining(","));
    String into = "INSERT INTO " + name.quoted() + " (" + columns + ")";
    List<String> inserts = new ArrayList<>();
    StringBuilder insert = new StringBuilder();
    for (List<Optional<Bytes>> row : rows.rows()) {
      insert.append(insert.isEmpty() ? into + " VALUES (" : ",(");
      for (int i = 0; i < row.size(); i++) {
        insert
            .append(i == 0 ? "" : ",")
            .append(row.get(i).map(TemporaryContents::literal).orElse("NULL"));
      }
      insert.append(')');
      if (insert.length() > STATEMENT_BYTES_MAX) {
        inserts.add(insert.toString());
        insert.setLength(0);
      }
    }
    if (!insert.isEmpty()) {
      inserts.add(insert.toString());
    }
    return inserts;
  }

  /** Plain text is read as its column's type; anything else goes in byte by byte. */
  private static String literal(Bytes value) {
    String text = value.latin1();
    boolean plain = text.chars().allMatch(c -> c >= ' ' && c < 127 && c != '\'' && c != '\\');
    return plain ? "'" + text + "'" : "0x" + HexFormat.of().formatHex(value.view());
  }
}
