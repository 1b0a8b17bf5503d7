package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever reads in a transaction may not hold up the order. */
@Tag("live")
@DisplayNameGeneration(ReplaceUnderscores.class)
class An_open_reader {
  /** The database tells in its own zone since when a transaction is open. */
  @ParameterizedTest
  @ValueSource(strings = "Asia/Tokyo")
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void makes_way_for_a_definition_in_every_time_zone(String zone, @TempDir Path folder)
      throws Exception {
    try (OneNode node = OneNode.start(folder, Map.of("TZ", zone));
        Connection reader = node.root();
        Connection definer = node.root()) {
      OneNode.run(
          definer,
          "CREATE DATABASE d",
          "CREATE TABLE d.t (a INT PRIMARY KEY)",
          "INSERT INTO d.t VALUES (1)");
      OneNode.run(reader, "BEGIN", "SELECT * FROM d.t");
      OneNode.run(definer, "ALTER TABLE d.t ADD b INT");
      assertEquals(List.of("1|null"), OneNode.rows(definer, "SELECT a, b FROM d.t"));
      assertEquals(
          1213,
          OneNode.error(reader, "SELECT * FROM d.t"),
          "what it read before is not so any more");
    }
  }
}
