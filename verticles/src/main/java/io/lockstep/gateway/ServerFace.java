package io.lockstep.gateway;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client sees of the server before it signs in: the database's own face, since drivers
 * decide by it.
 *
 * @param version the version string as the database itself sends it
 * @param collation the database's default collation id
 */
public record ServerFace(String version, int collation) {
  private static final String PREFIX = "5.5.5-";
  private static final Pattern NUMBER = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)");

  /**
   * The face of the server whose {@code VERSION()} this is. Before 11, MariaDB sends its version
   * behind the prefix, without which drivers take it for a MySQL newer than 8 (MariaDB
   * documentation, Connection, Initial Handshake Packet).
   */
  public static ServerFace of(String version, int collation) {
    return new ServerFace(version.startsWith("10.") ? PREFIX + version : version, collation);
  }

  /** The version as a number such as 101119, without the prefix 5.5.5- of MariaDB before 11. */
  public int number() {
    Matcher number =
        NUMBER.matcher(version.startsWith(PREFIX) ? version.substring(PREFIX.length()) : version);
    if (!number.find()) {
      return 0;
    }
    return Integer.parseInt(number.group(1)) * 10_000
        + Integer.parseInt(number.group(2)) * 100
        + Integer.parseInt(number.group(3));
  }
}
