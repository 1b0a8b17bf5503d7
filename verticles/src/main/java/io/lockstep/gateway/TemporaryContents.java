package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.TableName;
import io.lockstep.mysql.TextRows;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
          "a stored program that leaves more than "
              + BYTES_MAX
              + " bytes in temporary tables; change fewer rows, or use a table");

  private final Map<TableName, TextRows> tables = new LinkedHashMap<>();

  private TemporaryContents() {}

  boolean isEmpty() {
    return tables.isEmpty();
  }

  /** Those of the tables that are there. */
  Set<TableName> tables() {
    return tables.keySet();
  }

  /** Reads what the branch on this connection holds; fails with 1235 when that is too much. */
  static Future<TemporaryContents> read(Backend backend, Set<TableName> names) {
    TemporaryContents contents = new TemporaryContents();
    if (names.isEmpty()) {
      return Future.succeededFuture(contents);
    }
    Future<Void> read = Future.succeededFuture();
    for (TableName name : names) {
      read =
          read.compose(before -> isTemporary(backend, name))
              .compose(is -> is ? contents.add(backend, name) : Future.succeededFuture());
    }
    return read.map(contents);
  }

  /** A procedure may have dropped it, and then its name may be another table's. */
  private static Future<Boolean> isTemporary(Backend backend, TableName name) {
    return backend
        .query("SHOW CREATE TABLE " + name.quoted())
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

  private Future<Void> add(Backend backend, TableName name) {
    // NULL: as they are stored, in the character set of each column.
    return backend
        .query("SET STATEMENT character_set_results=NULL FOR SELECT * FROM " + name.quoted())
        .compose(TextRows::of)
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
  Future<Void> restore(Backend backend) {
    Future<Void> done = Future.succeededFuture();
    for (Map.Entry<TableName, TextRows> table : tables.entrySet()) {
      done = done.compose(before -> restore(backend, table.getKey(), table.getValue()));
    }
    return done;
  }

  private static Future<Void> restore(Backend backend, TableName name, TextRows rows) {
    return isTemporary(backend, name)
        .compose(is -> is ? replace(backend, name, rows) : Future.succeededFuture());
  }

  private static Future<Void> replace(Backend backend, TableName name, TextRows rows) {
    Future<Void> done = run(backend, "DELETE FROM " + name.quoted());
    for (String insert : inserts(name, rows)) {
      done = done.compose(before -> run(backend, insert));
    }
    return done.recover(
        cause -> {
          LOG.warn("the temporary table {} is lost: {}", name, cause.getMessage());
          return run(backend, "DROP TEMPORARY TABLE IF EXISTS " + name.quoted());
        });
  }

  private static Future<Void> run(Backend backend, String sql) {
    return backend
        .unprotected(Bytes.ofLatin1("SET STATEMENT sql_mode='NO_AUTO_VALUE_ON_ZERO' FOR " + sql))
        .compose(
            reply ->
                reply
                    .failure()
                    .<Future<Void>>map(
                        error -> Future.failedFuture(new ClientErrorException(error)))
                    .orElseGet(Future::succeededFuture));
  }

  private static List<String> inserts(TableName name, TextRows rows) {
    List<String> inserts = new ArrayList<>();
    StringBuilder insert = new StringBuilder();
    for (List<Optional<Bytes>> row : rows.rows()) {
      insert.append(insert.isEmpty() ? "INSERT INTO " + name.quoted() + " VALUES (" : ",(");
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
