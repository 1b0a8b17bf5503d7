package io.lockstep.chaos.live;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares what the clients were told with what each node's own database holds. */
final class LedgerCheck {
  private static final int SHOWN_MAX = 20;
  private final Ledger ledger;
  private final List<String> violations = new ArrayList<>();

  LedgerCheck(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Reads the rows straight from the node's database, past every gateway. */
  LedgerCheck node(NodeProcess node) throws SQLException {
    Map<Ledger.Row, Integer> found = new HashMap<>();
    try (Connection connection = DriverManager.getConnection(node.databaseUrl());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT client, number FROM chaos.ledger")) {
      while (rows.next()) {
        found.merge(new Ledger.Row(rows.getInt(1), rows.getLong(2)), 1, Integer::sum);
      }
    }
    compare(node.node(), found);
    return this;
  }

  /** The comparison itself, apart from where the rows came from. */
  void compare(String node, Map<Ledger.Row, Integer> found) {
    Map<Ledger.Row, Ledger.Told> rows = ledger.rows();
    rows.forEach(
        (row, told) -> {
          int times = found.getOrDefault(row, 0);
          if (told == Ledger.Told.ACKNOWLEDGED && times == 0) {
            violation(node + " lost the acknowledged " + row);
          } else if (told == Ledger.Told.REFUSED && times > 0) {
            violation(node + " holds " + row + ", which was refused");
          }
          if (times > 1) {
            violation(node + " holds " + row + " " + times + " times");
          }
        });
    found.keySet().stream()
        .filter(row -> !rows.containsKey(row))
        .forEach(row -> violation(node + " holds " + row + ", which nobody wrote"));
  }

  private void violation(String text) {
    if (violations.size() < SHOWN_MAX) {
      violations.add(text);
    } else if (violations.size() == SHOWN_MAX) {
      violations.add("… and more");
    }
  }

  List<String> violations() {
    return List.copyOf(violations);
  }
}
