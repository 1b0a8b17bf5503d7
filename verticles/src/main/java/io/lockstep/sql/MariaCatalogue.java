package io.lockstep.sql;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The catalogue read from the information schema of one node's own database, with the definitions
 * kept until definitions change. Used on one event loop.
 */
public final class MariaCatalogue implements Catalogue {
  /** How many definitions are kept; the longest unused makes room. */
  public static final int TABLES_MAX = 4_096;

  /** How many procedures are kept, with their texts. */
  public static final int PROCEDURES_MAX = 512;

  private static final String FUNCTION =
      "SELECT ROUTINE_NAME FROM information_schema.ROUTINES"
          + " WHERE ROUTINE_SCHEMA = ? AND ROUTINE_NAME = ? AND ROUTINE_TYPE = 'FUNCTION'";

  /**
   * Names the table twice: where the one were compared with the other, the server would open all.
   */
  private static final String UNINDEXED =
      "SELECT CAST(COALESCE(TABLE_ROWS, 0) AS SIGNED) AS c FROM information_schema.TABLES"
          + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
          + " AND NOT EXISTS (SELECT 1 FROM information_schema.STATISTICS AS s"
          + " WHERE s.TABLE_SCHEMA = ? AND s.TABLE_NAME = ? AND s.INDEX_TYPE = 'BTREE'"
          + " AND NOT (s.NON_UNIQUE = 0 AND s.NULLABLE = 'YES'))";

  private static final String PROCEDURE =
      "SELECT HEX(param_list), HEX(body), definer, security_type='INVOKER',"
          + " CONCAT(sql_mode,''), CONCAT(character_set_client,''),"
          + " CONCAT(collation_connection,''), db, name FROM mysql.proc"
          + " WHERE db = ? AND name = ? AND type = 'PROCEDURE'";

  private static final String TRIGGERED =
      "SELECT EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE, TRIGGER_NAME FROM"
          + " information_schema.TRIGGERS"
          + " WHERE TRIGGER_SCHEMA = ? AND TRIGGER_NAME = ?";

  private static final String SEQUENCE =
      "SELECT next_value, minimum, maximum, start_value, increment, cache_size, cycles, round"
          + " FROM lockstep.sequence WHERE table_schema = ? AND table_name = ?";

  private final Pool pool;
  private final TableLookup lookup;
  private Optional<Future<Integer>> lowerCase = Optional.empty();
  private final Map<TableName, Kept> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<TableName, Kept> eldest) {
          return size() > TABLES_MAX;
        }
      };

  private final Map<TableName, KeptProcedure> procedures =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<TableName, KeptProcedure> eldest) {
          return size() > PROCEDURES_MAX;
        }
      };

  /** A definition and the last change of definitions that it reflects at least. */
  private record Kept(Seq definitions, Future<Optional<TableDefinition>> table) {}

  /** The same of a procedure. */
  private record KeptProcedure(Seq definitions, Future<Optional<StoredProcedure>> procedure) {}

  /**
   * @param pool connections of an account that sees every schema, to one node's database
   */
  public MariaCatalogue(Pool pool) {
    this.pool = pool;
    this.lookup = new TableLookup(pool);
  }

  @Override
  public Future<Optional<TableDefinition>> table(TableName name, Seq definitions) {
    return lowerCaseTableNames()
        .compose(setting -> stored(setting == 0 ? name : lower(name), definitions));
  }

  private static TableName lower(TableName name) {
    return new TableName(
        name.schema().toLowerCase(Locale.ROOT), name.table().toLowerCase(Locale.ROOT));
  }

  private Future<Optional<TableDefinition>> stored(TableName name, Seq definitions) {
    Kept known = kept.get(name);
    if (known != null && !known.definitions().isBefore(definitions) && !known.table().failed()) {
      return known.table();
    }
    Future<Optional<TableDefinition>> table = lookup.find(name);
    kept.put(name, new Kept(definitions, table));
    return table;
  }

  @Override
  public Future<Set<TableName>> sequences(Seq definitions) {
    return pool.query("SELECT table_schema, table_name FROM lockstep.sequence")
        .execute()
        .map(
            rows -> {
              Set<TableName> names = new HashSet<>();
              rows.forEach(row -> names.add(new TableName(row.getString(0), row.getString(1))));
              return names;
            });
  }

  @Override
  public Future<List<Long>> sequence(TableName name) {
    return pool.preparedQuery(SEQUENCE)
        .execute(Tuple.of(name.schema(), name.table()))
        .map(
            rows -> {
              List<Long> values = new ArrayList<>();
              for (Row row : rows) {
                for (int i = 0; i < row.size(); i++) {
                  values.add(row.getLong(i));
                }
              }
              return values;
            });
  }

  @Override
  public Future<Optional<Long>> rowsWithoutIndex(TableName name) {
    return pool.preparedQuery(UNINDEXED)
        .execute(Tuple.of(name.schema(), name.table(), name.schema(), name.table()))
        .map(rows -> rows.stream().map(row -> row.getLong("c")).findFirst());
  }

  @Override
  public Future<Optional<StoredProcedure>> procedure(TableName name, Seq definitions) {
    return lowerCaseTableNames()
        .compose(
            setting -> {
              String schema = setting == 0 ? name.schema() : name.schema().toLowerCase(Locale.ROOT);
              return storedProcedure(
                  new TableName(schema, name.table().toLowerCase(Locale.ROOT)), definitions);
            });
  }

  private Future<Optional<StoredProcedure>> storedProcedure(TableName name, Seq definitions) {
    KeptProcedure known = procedures.get(name);
    if (known != null
        && !known.definitions().isBefore(definitions)
        && !known.procedure().failed()) {
      return known.procedure();
    }
    Future<Optional<StoredProcedure>> procedure =
        pool.preparedQuery(PROCEDURE)
            .execute(Tuple.of(name.schema(), name.table()))
            .map(rows -> rows.stream().map(MariaCatalogue::procedure).findFirst());
    procedures.put(name, new KeptProcedure(definitions, procedure));
    return procedure;
  }

  private static StoredProcedure procedure(Row row) {
    String definer = row.getString(2);
    int at = definer.lastIndexOf('@');
    return StoredProcedure.of(
        new TableName(row.getString(7), row.getString(8)),
        Bytes.owning(HexFormat.of().parseHex(row.getString(0))),
        Bytes.owning(HexFormat.of().parseHex(row.getString(1))),
        new Account(definer.substring(0, Math.max(0, at)), definer.substring(at + 1)),
        row.getLong(3) == 1,
        new StoredProcedure.Context(row.getString(4), row.getString(5), row.getString(6)));
  }

  @Override
  public Future<Boolean> functionExists(String schema, String name, Seq definitions) {
    return pool.preparedQuery(FUNCTION)
        .execute(Tuple.of(schema, name))
        .map(rows -> rows.size() > 0);
  }

  @Override
  public Future<Optional<TableName>> triggered(TableName trigger, Seq definitions) {
    return lowerCaseTableNames().compose(setting -> triggered(trigger, setting == 0));
  }

  /** The information schema finds names in any case; where case tells triggers apart, one is it. */
  private Future<Optional<TableName>> triggered(TableName trigger, boolean exactly) {
    return pool.preparedQuery(TRIGGERED)
        .execute(Tuple.of(trigger.schema(), trigger.table()))
        .map(
            rows ->
                rows.stream()
                    .filter(row -> !exactly || row.getString(2).equals(trigger.table()))
                    .map(row -> new TableName(row.getString(0), row.getString(1)))
                    .findFirst());
  }

  @Override
  public Future<Integer> lowerCaseTableNames() {
    Future<Integer> known =
        lowerCase
            .filter(asked -> !asked.failed())
            .orElseGet(
                () ->
                    pool.query("SELECT CAST(@@lower_case_table_names AS SIGNED) AS n")
                        .execute()
                        .map(
                            rows -> {
                              List<Integer> values = new ArrayList<>();
                              for (Row row : rows) {
                                values.add(row.getInteger("n"));
                              }
                              return values.get(0);
                            }));
    lowerCase = Optional.of(known);
    return known;
  }
}
