package io.lockstep.gateway;

import io.lockstep.model.Applied;
import io.lockstep.model.Bytes;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.model.WriteKind;
import io.lockstep.sql.SystemSchemas;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Orders the taking of table locks: all of a statement at once, or none. */
final class OrderedTableLocks {
  private final GatewayPorts ports;
  private final WriteIntake intake;
  private final RandomGenerator random;

  OrderedTableLocks(GatewayPorts ports, WriteIntake intake, RandomGenerator random) {
    this.ports = ports;
    this.intake = intake;
    this.random = random;
  }

  /**
   * Takes the locks unless one of them is in the way of another session's: then no row is changed,
   * as when the lease is not there.
   *
   * @param tables by their names in lower case; true for writing
   * @param basis where it is known that the tables are there
   */
  Future<Applied> take(Bytes lease, Map<TableName, Boolean> tables, Seq basis) {
    Set<String> schemas = new HashSet<>();
    tables.keySet().forEach(table -> schemas.add(table.schema()));
    return intake.submit(
        new Write(
            new WriteId(SessionId.ofConnection(random.nextLong(), random.nextLong()), 1),
            WriteKind.TABLE_LOCKS,
            ports.self(),
            ports.self(),
            OrderedLocks.NOBODY,
            basis,
            List.of(
                new Step.Statement(
                    SystemSchemas.OWN,
                    List.of(),
                    Bytes.utf8(sql(lease, tables)),
                    Optional.empty())),
            false,
            schemas));
  }

  private static String sql(Bytes lease, Map<TableName, Boolean> tables) {
    String asked =
        tables.entrySet().stream()
            .map(
                table ->
                    "("
                        + OrderedLocks.hex(Bytes.utf8(table.getKey().schema()))
                        + ","
                        + OrderedLocks.hex(Bytes.utf8(table.getKey().table()))
                        + (table.getValue() ? ",1)" : ",0)"))
            .collect(Collectors.joining(","));
    return "INSERT INTO lockstep.table_lock (table_schema, table_name, lease, writes)"
        + " WITH asked (s, t, w) AS (VALUES "
        + asked
        + ") SELECT a.s, a.t, u.name, a.w FROM asked AS a JOIN lockstep.user_lock AS u"
        + " WHERE u.name="
        + OrderedLocks.hex(lease)
        + " AND NOT EXISTS (SELECT 1 FROM asked AS b JOIN lockstep.table_lock AS l"
        + " ON l.table_schema=b.s AND l.table_name=b.t JOIN lockstep.user_lock AS v"
        + " ON v.name=l.lease WHERE l.lease<>u.name AND (l.writes=1 OR b.w=1))";
  }
}
