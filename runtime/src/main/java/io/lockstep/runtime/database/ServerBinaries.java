package io.lockstep.runtime.database;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The programs of one MariaDB server.
 *
 * @param baseDir what the programs take their messages and system tables from
 */
public record ServerBinaries(Path mariadbd, Path installDb, Path baseDir) {
  private static final List<String> INSTALL_NAMES =
      List.of("mariadb-install-db", "mysql_install_db");
  private static final List<String> INSTALL_FOLDERS = List.of("bin", "scripts", "sbin");

  /**
   * The server at {@code mariadbd} with the installation script that belongs to it: in the same
   * folder, or in bin, scripts or sbin beside that folder.
   *
   * @throws DatabaseStartException when either is not there
   */
  public static ServerBinaries at(Path mariadbd) {
    var server = mariadbd.toAbsolutePath().normalize();
    if (!Files.isExecutable(server) || !Files.isRegularFile(server)) {
      throw new DatabaseStartException("There is no program at " + server);
    }
    var folder = Optional.ofNullable(server.getParent()).orElse(server);
    var baseDir = Optional.ofNullable(folder.getParent()).orElse(folder);
    return installScript(folder, baseDir)
        .map(script -> new ServerBinaries(server, script, baseDir))
        .orElseThrow(
            () ->
                new DatabaseStartException(
                    "Beside "
                        + server
                        + " there is no mariadb-install-db (looked in "
                        + folder
                        + " and in bin, scripts and sbin of "
                        + baseDir
                        + ")"));
  }

  private static Optional<Path> installScript(Path folder, Path baseDir) {
    for (var name : INSTALL_NAMES) {
      if (Files.isExecutable(folder.resolve(name))) {
        return Optional.of(folder.resolve(name));
      }
      for (var sibling : INSTALL_FOLDERS) {
        var script = baseDir.resolve(sibling).resolve(name);
        if (Files.isExecutable(script)) {
          return Optional.of(script);
        }
      }
    }
    return Optional.empty();
  }
}
