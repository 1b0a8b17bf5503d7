package io.lockstep.applier.mariadb;

import io.lockstep.applier.ContextDialect;
import io.lockstep.model.Bytes;
import io.lockstep.model.Step;
import io.lockstep.model.Write;
import io.lockstep.model.WriteKind;
import io.lockstep.mysql.Reply;
import io.lockstep.sql.OwnProcedures;
import io.vertx.core.Future;
import java.nio.charset.Charset;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A digest of every object and account that a definition change can touch. Whatever it creates,
 * changes or drops is named in its text, so every word of the text is looked up as the name of a
 * schema, a table, a view, a trigger, a routine, an event and an account: no parser can be wrong
 * here. InnoDB's table ids tell apart tables that were rebuilt or swapped and look the same.
 */
final class Fingerprint {
  /** Names looked up at most; a statement with more words has its objects among the first. */
  static final int NAMES_MAX = 512;

  private final Link link;

  Fingerprint(Link link) {
    this.link = link;
  }

  /** All questions are sent at once: each by itself would cost as much as its answer. */
  Future<Bytes> of(Write write) {
    Set<String> names = names(write);
    String in = Sql.list(names);
    MessageDigest digest = sha256();
    Future<List<Link.Row>> tables = rows(tablesQuery(in));
    return add(catalogueQueries(write, in), digest)
        .compose(catalogues -> tables)
        .compose(
            listed -> {
              listed.forEach(row -> add(row, digest));
              return addDefinitions(named(listed, names), names, digest);
            })
        .map(all -> Bytes.owning(digest.digest()));
  }

  /** Those of the tables that the text may be about; how the server compares names is not known. */
  private static List<Link.Row> named(List<Link.Row> tables, Set<String> names) {
    Set<String> folded = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    folded.addAll(names);
    return tables.stream().filter(table -> folded.contains(table.text(1))).toList();
  }

  static Set<String> names(Write write) {
    Set<String> names = new LinkedHashSet<>();
    if (!write.statement().schema().isEmpty()) {
      names.add(write.statement().schema());
    }
    if (names.size() < NAMES_MAX) {
      new WordScanner(text(write.statement()))
          .scan(
              name -> {
                if (mayBeName(name)) {
                  names.add(name);
                }
                return names.size() < NAMES_MAX;
              });
    }
    return names;
  }

  private static String text(Step.Statement statement) {
    Charset charset = ContextDialect.of(statement).charset().java();
    return new String(statement.sql().view(), charset);
  }

  /**
   * The server's names are of the basic plane ("Identifier Names"), and its catalogues refuse to be
   * compared with anything else (1267, 1271).
   */
  private static boolean mayBeName(String word) {
    return word.chars().noneMatch(c -> Character.isSurrogate((char) c));
  }

  /** The names alone are read from the folder, without opening a table. */
  private static String tablesQuery(String in) {
    return "SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA IN "
        + in
        + " ORDER BY 1, 2";
  }

  private static List<String> catalogueQueries(Write write, String in) {
    return write.kind() == WriteKind.ACCOUNT
        ? Stream.concat(objectQueries(in).stream(), accountQueries(in).stream()).toList()
        : objectQueries(in);
  }

  private static List<String> objectQueries(String in) {
    return List.of(
        "SELECT * FROM information_schema.SCHEMATA WHERE SCHEMA_NAME IN " + in,
        "SELECT TABLE_ID, NAME FROM information_schema.INNODB_SYS_TABLES"
            + " WHERE SUBSTRING_INDEX(NAME, '/', 1) IN "
            + in
            + " ORDER BY 1",
        "SELECT * FROM mysql.proc WHERE db IN " + in + " AND name IN " + in + " ORDER BY db, name",
        "SELECT * FROM mysql.event WHERE db IN " + in + " AND name IN " + in + " ORDER BY db, name",
        "SELECT * FROM mysql.servers WHERE Server_name IN " + in);
  }

  private static List<String> accountQueries(String in) {
    return List.of(
        "SELECT * FROM mysql.global_priv WHERE User IN " + in + " ORDER BY Host, User",
        "SELECT * FROM mysql.db WHERE User IN " + in + " ORDER BY Host, Db, User",
        "SELECT * FROM mysql.tables_priv WHERE User IN "
            + in
            + " ORDER BY Host, Db, User, Table_name",
        "SELECT * FROM mysql.columns_priv WHERE User IN "
            + in
            + " ORDER BY Host, Db, User, Table_name, Column_name",
        "SELECT * FROM mysql.procs_priv WHERE NOT "
            + OwnProcedures.isOne("Routine_name")
            + " AND User IN "
            + in
            + " ORDER BY Host, Db, User, Routine_name, Routine_type",
        "SELECT * FROM mysql.roles_mapping WHERE User IN "
            + in
            + " OR Role IN "
            + in
            + " ORDER BY Host, User, Role",
        "SELECT * FROM mysql.proxies_priv WHERE User IN " + in + " ORDER BY 1, 2, 3, 4");
  }

  private Future<Void> addDefinitions(
      List<Link.Row> objects, Set<String> names, MessageDigest digest) {
    List<Future<Reply>> shown = new ArrayList<>();
    for (Link.Row object : objects) {
      String table = Sql.name(object.text(0)) + "." + Sql.name(object.text(1));
      shown.add(link.connection().query(Bytes.utf8("SHOW CREATE TABLE " + table)));
    }
    // Reading triggers opens every table of a schema, so it is done only where one is meant.
    boolean triggers = names.stream().anyMatch("TRIGGER"::equalsIgnoreCase);
    Future<Void> added = Future.succeededFuture();
    for (Future<Reply> one : shown) {
      added =
          added
              .compose(before -> one)
              .compose(Fingerprint::unlocked)
              .map(reply -> addIfThere(reply, digest));
    }
    return triggers
        ? added
            .compose(all -> link.wholeRows(OpenTransaction.neutral(triggerQuery(names))))
            .map(
                rows -> {
                  rows.forEach(row -> add(row, digest));
                  return null;
                })
        : added;
  }

  /** That a table could not be looked at now is no state of it. */
  private static Future<Reply> unlocked(Reply reply) {
    return reply.failure().filter(EnvironmentException::isEnvironment).isPresent()
        ? Link.expectSuccess(reply)
        : Future.succeededFuture(reply);
  }

  private static String triggerQuery(Set<String> names) {
    String in = Sql.list(names);
    return "SELECT TRIGGER_SCHEMA, TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_STATEMENT,"
        + " ACTION_ORDER, DEFINER, SQL_MODE FROM information_schema.TRIGGERS"
        + " WHERE TRIGGER_SCHEMA IN "
        + in
        + " AND TRIGGER_NAME IN "
        + in
        + " ORDER BY 1, 2";
  }

  private Future<List<Link.Row>> rows(String query) {
    return link.rows(OpenTransaction.neutral(query));
  }

  private Future<Void> add(List<String> queries, MessageDigest digest) {
    Future<Void> added = Future.succeededFuture();
    for (Future<List<Link.Row>> answer : queries.stream().map(this::rows).toList()) {
      added =
          added
              .compose(before -> answer)
              .map(
                  rows -> {
                    rows.forEach(row -> add(row, digest));
                    return null;
                  });
    }
    return added;
  }

  /** A view whose tables are gone cannot be shown, which is a state of its own. */
  private static Void addIfThere(Reply reply, MessageDigest digest) {
    reply.failure().ifPresent(error -> digest.update((byte) error.code()));
    for (Link.Row row : Link.decode(reply)) {
      row.values().forEach(value -> add(value.map(Fingerprint::withoutNextId), digest));
    }
    return null;
  }

  /**
   * The next id moves without any definition, with the rows of open transactions, and would tell
   * that one had happened that has not. What sets it does no harm when it is repeated.
   */
  static Bytes withoutNextId(Bytes shown) {
    return Bytes.ofLatin1(ContentChecksums.withoutNextId(shown.latin1()));
  }

  private static void add(Link.Row row, MessageDigest digest) {
    row.values().forEach(value -> add(value, digest));
  }

  private static void add(Optional<Bytes> value, MessageDigest digest) {
    digest.update((byte) (value.isPresent() ? 1 : 0));
    value.ifPresent(bytes -> digest.update(bytes.view()));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
