package io.lockstep.runtime.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class An_external_database {
  private final Map<String, String> values =
      new HashMap<>(
          Map.of(
              "version", "10.11.19-MariaDB-log",
              "default_storage_engine", "InnoDB",
              "enforce_storage_engine", "InnoDB",
              "event_scheduler", "OFF",
              "max_allowed_packet", "67108864",
              "read_only", "0",
              "sql_auto_is_null", "0",
              "sysdate_is_now", "ON"));

  @Test
  void is_taken_when_all_requirements_are_met() {
    assertEquals(List.of(), findings());
  }

  @Test
  void is_refused_with_everything_that_is_wrong_at_once() {
    values.put("version", "8.0.36");
    values.put("enforce_storage_engine", "");
    values.put("event_scheduler", "ON");
    values.put("max_allowed_packet", "1048576");
    values.put("read_only", "1");
    values.put("sql_auto_is_null", "1");
    values.put("sysdate_is_now", "OFF");
    assertEquals(7, findings().size(), findings()::toString);
  }

  @Test
  void takes_definitions_of_events_without_running_them() {
    values.put("event_scheduler", "DISABLED");
    assertEquals(1, findings().size(), findings()::toString);
  }

  @Test
  void needs_an_account_that_may_do_everything() {
    assertEquals(
        Optional.empty(),
        ServerRequirements.unmetGrants(
            List.of("GRANT ALL PRIVILEGES ON *.* TO `l`@`h` IDENTIFIED BY 'x' WITH GRANT OPTION")));
    assertEquals(
        Optional.of("the account needs ALL PRIVILEGES ON *.* WITH GRANT OPTION"),
        ServerRequirements.unmetGrants(List.of("GRANT ALL PRIVILEGES ON `app`.* TO `l`@`h`")));
  }

  private List<String> findings() {
    return ServerRequirements.unmet(column -> values.getOrDefault(column, "?"));
  }
}
