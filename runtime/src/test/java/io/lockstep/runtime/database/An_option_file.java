package io.lockstep.runtime.database;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class An_option_file {
  private final Path file;

  An_option_file(@TempDir Path folder) {
    this.file = folder.resolve("my.cnf");
  }

  @Test
  void keeps_the_sizes_it_sets_and_gets_the_others() throws IOException {
    Files.writeString(
        file, "[mysqld]\n# max_connections=1\nmax-allowed-packet = 64M\nloose-local_infile\n");
    var command = command();
    assertTrue(command.contains("--max-connections=50"), command::toString);
    assertTrue(command.contains("--loose-skip-ssl"), command::toString);
    assertFalse(command.toString().contains("--max-allowed-packet"), command::toString);
    assertFalse(command.toString().contains("--local-infile"), command::toString);
  }

  @Test
  void cannot_undo_what_is_required() throws IOException {
    Files.writeString(file, "[mysqld]\nevent_scheduler=ON\ndefault-storage-engine=MyISAM\n");
    var command = command();
    assertTrue(command.indexOf("--defaults-file=" + file) == 1, command::toString);
    assertTrue(command.contains("--event-scheduler=OFF"), command::toString);
    assertTrue(command.contains("--enforce-storage-engine=InnoDB"), command::toString);
  }

  @Test
  void that_includes_others_may_set_anything() throws IOException {
    Files.writeString(file, "[mysqld]\n!includedir /etc/mysql/conf.d\n");
    assertFalse(command().toString().contains("--max-connections"));
  }

  private List<String> command() {
    var settings =
        new OwnedSettings(
            file.resolveSibling("home"),
            "127.0.0.1",
            3307,
            List.of("localhost"),
            Optional.of(file),
            true,
            16,
            50,
            Optional.empty());
    var programs = new ServerBinaries(Path.of("/x/bin/d"), Path.of("/x/bin/i"), Path.of("/x"));
    return new ServerCommand(programs, settings, false).start();
  }
}
