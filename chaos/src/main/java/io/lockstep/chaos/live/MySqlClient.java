package io.lockstep.chaos.live;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Inserts rows through the MySQL port, one autocommit statement at a time, and now and then looks
 * for the latest. Its connection stays with one gateway until that one breaks; then it goes to the
 * next. Every other one of these clients prepares its statements at the server.
 */
final class MySqlClient extends Client {
  private static final Duration RECONNECT_PAUSE = Duration.ofMillis(50);
  private static final String INSERT =
      "INSERT INTO chaos.ledger (client, number, note) VALUES (?, ?, ?)";

  private static final String LOOK =
      "SELECT COUNT(*) FROM chaos.ledger WHERE client = ? AND number = ?";
  private static final int LOOK_EVERY = 20;

  private final boolean prepares;
  private long next = 1;

  MySqlClient(int number, Surroundings surroundings) {
    super(number, surroundings);
    this.prepares = number % 4 == 0;
  }

  @Override
  public void run() {
    while (!stopped()) {
      NodeProcess at = gateway();
      try (Connection connection =
              DriverManager.getConnection(at.jdbcUrl() + "&useServerPrepStmts=" + prepares);
          PreparedStatement insert = connection.prepareStatement(INSERT);
          PreparedStatement look = connection.prepareStatement(LOOK)) {
        while (!stopped() && insert(at, insert)) {
          if (next % LOOK_EVERY == 0) {
            look(at, look);
          }
        }
      } catch (SQLException e) {
        error(at, describe(e));
        Waiting.sleep(RECONNECT_PAUSE);
      }
      goToTheNextGateway();
    }
  }

  /** Returns whether the connection can go on. */
  private boolean insert(NodeProcess at, PreparedStatement insert) throws SQLException {
    Ledger.Row row = new Ledger.Row(number, next++);
    insert.setInt(1, row.client());
    insert.setLong(2, row.number());
    insert.setString(3, "client " + number + " row " + row.number());
    tell(row, Ledger.Told.UNKNOWN);
    try {
      insert.executeUpdate();
      acknowledged(at, row);
      return true;
    } catch (SQLException e) {
      refusal(e).ifPresent(told -> tell(row, told));
      error(at, describe(e));
      return !connectionLost(e);
    }
  }

  /** A session sees its own writes, wherever it is served. */
  private void look(NodeProcess at, PreparedStatement look) throws SQLException {
    look.setInt(1, number);
    look.setLong(2, next - 1);
    try (ResultSet found = look.executeQuery()) {
      if (!found.next() || found.getInt(1) != 1) {
        error(at, "a client does not see what it wrote");
      }
    }
  }

  /** A statement error means that nothing happened; a lost connection says nothing. */
  private static Optional<Ledger.Told> refusal(SQLException e) {
    return connectionLost(e) ? Optional.empty() : Optional.of(Ledger.Told.REFUSED);
  }

  private static boolean connectionLost(SQLException e) {
    String state = Optional.ofNullable(e.getSQLState()).orElse("");
    return state.startsWith("08") || e.getErrorCode() == 1180;
  }

  private static String describe(SQLException e) {
    String message = Optional.ofNullable(e.getMessage()).orElse("");
    return e.getErrorCode() + "/" + e.getSQLState() + " " + message.lines().findFirst().orElse("");
  }
}
