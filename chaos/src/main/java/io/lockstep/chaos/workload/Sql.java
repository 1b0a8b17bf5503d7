package io.lockstep.chaos.workload;

import io.lockstep.chaos.history.Level;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * One client's connection. Some use BEGIN and COMMIT in the text protocol, others what the driver
 * offers: autocommit off, prepared statements, and a commit that is only sent if the server's
 * status flags say that a transaction is open.
 */
public final class Sql implements AutoCloseable {
  private final Connection connection;
  private final boolean drivers;

  private Sql(Connection connection, boolean drivers) {
    this.connection = connection;
    this.drivers = drivers;
  }

  /** {@code drivers}: through the driver's own transactions and prepared statements. */
  public static Sql connect(String url, Level level, boolean drivers) throws SQLException {
    Connection connection =
        DriverManager.getConnection(url + (drivers ? "&useServerPrepStmts=true" : ""));
    try {
      Sql sql = new Sql(connection, drivers);
      sql.execute("SET SESSION TRANSACTION ISOLATION LEVEL " + level.sql());
      connection.setAutoCommit(!drivers);
      return sql;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Only by those that do not leave it to the driver. */
  public void begin() throws SQLException {
    if (!drivers) {
      execute("BEGIN");
    }
  }

  /** By the driver, if it thinks that there is something to commit; or by COMMIT. */
  public void commit() throws SQLException {
    if (drivers) {
      connection.commit();
    } else {
      execute("COMMIT");
    }
  }

  public void execute(String text) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  /** Numbers are the only parameters. Returns the affected rows. */
  int update(String text, long... parameters) throws SQLException {
    try (PreparedStatement statement = prepared(text, parameters)) {
      return statement.executeUpdate();
    }
  }

  /** The rows of a query, each column as text. */
  List<List<String>> rows(String text, long... parameters) throws SQLException {
    try (PreparedStatement statement = prepared(text, parameters);
        ResultSet results = statement.executeQuery()) {
      int columns = results.getMetaData().getColumnCount();
      List<List<String>> rows = new ArrayList<>();
      while (results.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(String.valueOf(results.getString(i)));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  private PreparedStatement prepared(String text, long... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(text);
    for (int i = 0; i < parameters.length; i++) {
      statement.setLong(i + 1, parameters[i]);
    }
    return statement;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
