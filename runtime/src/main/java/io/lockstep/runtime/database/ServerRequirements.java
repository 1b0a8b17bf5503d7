package io.lockstep.runtime.database;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What a server must be set to before Lockstep uses it, and why. */
final class ServerRequirements {
  /** One row with a column per requirement. The pause shows whether SYSDATE() stands still. */
  static final String QUESTION =
      "SELECT VERSION() AS version, @@default_storage_engine AS default_storage_engine,"
          + " COALESCE(@@enforce_storage_engine, '') AS enforce_storage_engine,"
          + " @@GLOBAL.event_scheduler AS event_scheduler,"
          + " @@GLOBAL.max_allowed_packet AS max_allowed_packet,"
          + " @@GLOBAL.read_only AS read_only,"
          + " @@GLOBAL.sql_auto_is_null AS sql_auto_is_null,"
          + " IF(SLEEP(0.01) = 0 AND SYSDATE(6) = NOW(6), 'ON', 'OFF') AS sysdate_is_now";

  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\..*MariaDB.*");
  private static final long PACKET_MIN = 64L << 20;

  private static final List<Requirement> ALL =
      List.of(
          new Requirement(
              "version", ServerRequirements::newEnough, "MariaDB 10.6 or later is required"),
          new Requirement(
              "default_storage_engine",
              "InnoDB"::equalsIgnoreCase,
              "default_storage_engine must be InnoDB"),
          new Requirement(
              "enforce_storage_engine",
              "InnoDB"::equalsIgnoreCase,
              "enforce_storage_engine must be InnoDB, since other engines do not roll back"),
          new Requirement(
              "event_scheduler",
              value -> value.equalsIgnoreCase("OFF"),
              "event_scheduler must be OFF: the cluster runs events, no server for itself"),
          new Requirement(
              "max_allowed_packet",
              value -> value.matches("\\d+") && Long.parseLong(value) >= PACKET_MIN,
              "max_allowed_packet must be at least " + PACKET_MIN),
          new Requirement("read_only", value -> isOff(value), "read_only must be OFF"),
          new Requirement(
              "sql_auto_is_null",
              value -> isOff(value),
              "sql_auto_is_null must be OFF, or IS NULL finds what somebody else has inserted"),
          new Requirement(
              "sysdate_is_now",
              "ON"::equals,
              "the server must be started with sysdate-is-now, or SYSDATE() differs between nodes"));

  private ServerRequirements() {}

  private record Requirement(String column, Predicate<String> met, String text) {}

  /**
   * Every requirement that is not met, with the value found.
   *
   * @param values the value of a column of {@link #QUESTION}
   */
  static List<String> unmet(Function<String, String> values) {
    return ALL.stream()
        .filter(requirement -> !requirement.met().test(values.apply(requirement.column())))
        .map(requirement -> requirement.text() + ", is " + values.apply(requirement.column()))
        .toList();
  }

  /** What is missing in the grants of Lockstep's account, if anything. */
  static Optional<String> unmetGrants(List<String> grants) {
    var everything =
        grants.stream()
            .map(grant -> grant.toUpperCase(Locale.ROOT))
            .anyMatch(
                grant ->
                    grant.startsWith("GRANT ALL PRIVILEGES ON *.*")
                        && grant.contains("WITH GRANT OPTION"));
    return everything
        ? Optional.empty()
        : Optional.of("the account needs ALL PRIVILEGES ON *.* WITH GRANT OPTION");
  }

  private static boolean newEnough(String version) {
    var match = VERSION.matcher(version);
    if (!match.matches()) {
      return false;
    }
    int major = Integer.parseInt(match.group(1));
    return major > 10 || (major == 10 && Integer.parseInt(match.group(2)) >= 6);
  }

  private static boolean isOff(String value) {
    return value.equals("0") || value.equalsIgnoreCase("OFF");
  }
}
