package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.ClientProcess;
import io.lockstep.model.ProcessesAsked;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The cluster's client sessions as a table that a query can be made of: the master's database knows
 * connections of gateways only.
 */
final class ProcessList {
  /** What SHOW cuts statements to without FULL. */
  private static final int SHORT = 100;

  /** From this version on there is a column more. */
  private static final int SENT_ROWS_SINCE = 110_301;

  private final Session session;

  ProcessList(Session session) {
    this.session = session;
  }

  /** SHOW [FULL] PROCESSLIST as a query. */
  Future<Bytes> show(boolean full) {
    String info = full ? "INFO" : "LEFT(INFO," + SHORT + ")";
    return table(full ? ClientProcess.INFO_LENGTH_MAX : SHORT)
        .map(
            table ->
                Bytes.utf8(
                    "SELECT ID AS Id, USER AS User, HOST AS Host, DB AS db, COMMAND AS Command,"
                        + " TIME AS Time, STATE AS State, "
                        + info
                        + " AS Info, PROGRESS AS Progress FROM ("
                        + table
                        + ") AS PROCESSLIST ORDER BY ID"));
  }

  /** A query with the rows and columns of {@code information_schema.PROCESSLIST}. */
  Future<String> table() {
    return table(ClientProcess.INFO_LENGTH_MAX);
  }

  /** Without the privilege PROCESS an account sees its own sessions only. */
  private Future<String> table(int infoLengthMax) {
    return new GrantsReading(session)
        .grants()
        .map(
            grants ->
                grants.global("PROCESS") || grants.global("SUPER")
                    ? Optional.<String>empty()
                    : Optional.of(session.identity().user()))
        .compose(user -> session.parts().sessions().list(new ProcessesAsked(user, infoLengthMax)))
        .map(this::query);
  }

  private String query(List<ClientProcess> processes) {
    boolean sentRows = session.parts().ports().face().number() >= SENT_ROWS_SINCE;
    String head =
        "WITH processes(ID,USER,HOST,DB,COMMAND,TIME,STATE,INFO,TIME_MS,STAGE,MAX_STAGE,PROGRESS,"
            + "MEMORY_USED,MAX_MEMORY_USED,EXAMINED_ROWS"
            + (sentRows ? ",SENT_ROWS" : "")
            + ",QUERY_ID,INFO_BINARY,TID) AS (VALUES ";
    return processes.stream()
        .map(process -> row(process, sentRows))
        .collect(Collectors.joining(",", head, ") SELECT * FROM processes"));
  }

  private static String row(ClientProcess process, boolean sentRows) {
    return "(CAST("
        + process.id()
        + " AS SIGNED),"
        + String.join(
            ",",
            text(process.user()),
            text(process.host()),
            orNull(process.schema()),
            text(process.command()))
        + ","
        + process.timeMs() / 1_000
        + ","
        + text(process.state())
        + ","
        + orNull(process.info())
        + String.format(Locale.ROOT, ",%d.%03d", process.timeMs() / 1_000, process.timeMs() % 1_000)
        + ",0,0,0.000,0,0,0"
        + (sentRows ? ",0" : "")
        + ",0,"
        + (process.info().isEmpty() ? "NULL" : hex(process.info()))
        + ",0)";
  }

  private static String orNull(String text) {
    return text.isEmpty() ? "NULL" : text(text);
  }

  private static String text(String text) {
    return "CONVERT(" + hex(text) + " USING utf8mb4)";
  }

  static String hex(String text) {
    return "x'" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)) + "'";
  }
}
