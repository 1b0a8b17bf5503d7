package io.lockstep.applier.mariadb;

import io.lockstep.model.Bytes;
import io.lockstep.sql.OwnProcedures;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One hash for each account and role over all that is granted to it. Left out: what differs between
 * nodes by its nature (who granted and when, the version that wrote a row) and accounts that belong
 * to one node (Lockstep's own, root at a host's name, the server's own).
 */
final class AccountChecksums {
  private static final Pattern OF_ONE_NODE =
      Pattern.compile("\"(version_id|password_last_changed)\":\\s*\\d+,?");

  private static final String NOT_OF_ONE_NODE =
      " WHERE NOT (User='root' AND Host NOT IN ('localhost','127.0.0.1','::1','%'))"
          + " AND User<>'mariadb.sys' AND Host<>@@hostname"
          + " AND (USER() LIKE 'root@%' OR User<>SUBSTRING_INDEX(USER(),'@',1))";

  private static final List<String> QUERIES =
      List.of(
          "SELECT User, Host, Priv FROM mysql.global_priv" + NOT_OF_ONE_NODE,
          "SELECT User, Host, d.* FROM mysql.db d" + NOT_OF_ONE_NODE,
          "SELECT User, Host, Db, Table_name, Table_priv, Column_priv FROM mysql.tables_priv"
              + NOT_OF_ONE_NODE,
          "SELECT User, Host, Db, Table_name, Column_name, Column_priv FROM mysql.columns_priv"
              + NOT_OF_ONE_NODE,
          "SELECT User, Host, Db, Routine_name, Routine_type, Proc_priv FROM mysql.procs_priv"
              + NOT_OF_ONE_NODE
              + " AND NOT "
              + OwnProcedures.isOne("Routine_name"),
          "SELECT User, Host, Role, Admin_option FROM mysql.roles_mapping" + NOT_OF_ONE_NODE);

  private final Link link;
  private final Map<String, Bytes> sums;
  private final Map<String, StringBuilder> texts = new TreeMap<>();

  AccountChecksums(Link link, Map<String, Bytes> sums) {
    this.link = link;
    this.sums = sums;
  }

  Future<Void> add() {
    Future<Void> done = Future.succeededFuture();
    for (int i = 0; i < QUERIES.size(); i++) {
      String query = QUERIES.get(i);
      String mark = "|" + i + ":";
      done = done.compose(before -> link.rows(query)).map(rows -> collect(rows, mark));
    }
    return done.map(
        all -> {
          texts.forEach((key, text) -> sums.put(key, ContentChecksums.hash(text.toString())));
          return (Void) null;
        });
  }

  private Void collect(List<Link.Row> rows, String mark) {
    rows.stream()
        .map(row -> Map.entry(key(row), mark + rest(row)))
        .sorted(Map.Entry.<String, String>comparingByKey().thenComparing(Map.Entry::getValue))
        .forEach(
            entry ->
                texts
                    .computeIfAbsent(entry.getKey(), key -> new StringBuilder())
                    .append(entry.getValue()));
    return null;
  }

  private static String key(Link.Row row) {
    return row.text(1).isEmpty()
        ? "role '" + row.text(0) + "'"
        : "account '" + row.text(0) + "'@'" + row.text(1) + "'";
  }

  /** A newer server has more columns at the end, which say N where an older one says nothing. */
  private static String rest(Link.Row row) {
    StringBuilder rest = new StringBuilder();
    for (int i = 2; i < row.values().size(); i++) {
      String value = OF_ONE_NODE.matcher(row.text(i)).replaceAll("");
      if (!value.equals("N")) {
        rest.append(i).append('=').append(value).append(';');
      }
    }
    return rest.toString();
  }
}
