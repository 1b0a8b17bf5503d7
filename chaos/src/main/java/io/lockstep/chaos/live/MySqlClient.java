package io.lockstep.chaos.live;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Inserts rows through the MySQL port, one autocommit statement at a time. Its connection stays
 * with one gateway until that one breaks; then it goes to the next.
 */
final class MySqlClient extends Client {
  private static final Duration RECONNECT_PAUSE = Duration.ofMillis(50);
  private static final String INSERT =
      "INSERT INTO chaos.ledger (client, number, note) VALUES (?, ?, ?)";

  private int gateway;
  private long next = 1;

  MySqlClient(
      int number, Gateways gateways, Ledger ledger, Timeline timeline, AtomicBoolean stopped) {
    super(number, gateways, ledger, timeline, stopped);
    this.gateway = number % gateways.count();
  }

  @Override
  public void run() {
    while (!stopped()) {
      NodeProcess at = gateways.gateway(gateway);
      try (Connection connection = DriverManager.getConnection(at.jdbcUrl());
          PreparedStatement insert = connection.prepareStatement(INSERT)) {
        while (!stopped()) {
          if (!insert(at, insert)) {
            break;
          }
        }
      } catch (SQLException e) {
        error(at, describe(e));
        Waiting.sleep(RECONNECT_PAUSE);
      }
      gateway = (gateway + 1) % gateways.count();
    }
  }

  /** Returns whether the connection can go on. */
  private boolean insert(NodeProcess at, PreparedStatement insert) throws SQLException {
    Ledger.Row row = new Ledger.Row(number, next++);
    insert.setInt(1, row.client());
    insert.setLong(2, row.number());
    insert.setString(3, "client " + number + " row " + row.number());
    ledger.tell(row, Ledger.Told.UNKNOWN);
    try {
      insert.executeUpdate();
      ledger.tell(row, Ledger.Told.ACKNOWLEDGED);
      timeline.acknowledged();
      return true;
    } catch (SQLException e) {
      refusal(e).ifPresent(told -> ledger.tell(row, told));
      error(at, describe(e));
      return !connectionLost(e);
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
