package io.lockstep.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.status.Status;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class The_samples_for_operators {
  @Test
  void hold_a_logging_configuration_that_works(@TempDir Path folder) throws IOException {
    var context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    var log = folder.resolve("node.log");
    NodeLogging.configure(context, sample("logback.xml").toUri().toURL(), Optional.of(log));
    var bad = context.getStatusManager().getCopyOfStatusList().stream();
    assertEquals(List.of(), bad.filter(s -> s.getLevel() >= Status.WARN).toList());
    var file = context.getLogger("ROOT").getAppender("file");
    assertTrue(file instanceof RollingFileAppender, () -> "" + file);
    context.getLogger("io.lockstep.test").info("hello");
    context.stop();
    assertTrue(Files.readString(log).contains("hello"));
  }

  @Test
  void show_the_logging_that_a_node_has_by_itself() throws IOException {
    try (var builtIn = NodeLogging.class.getResourceAsStream("node-file.xml")) {
      assertNotNull(builtIn);
      assertEquals(
          Files.readString(sample("logback.xml")),
          new String(builtIn.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void hold_a_systemd_unit_whose_command_is_one() throws IOException {
    var unit = Files.readAllLines(sample("lockstep.service"));
    assertTrue(unit.containsAll(List.of("[Unit]", "[Service]", "[Install]")));
    var start =
        unit.stream().filter(line -> line.startsWith("ExecStart=")).findFirst().orElseThrow();
    var words = List.of(start.split(" "));
    var arguments = words.subList(words.indexOf("-jar") + 2, words.size());
    var parsed =
        LockstepCommand.assemble(
                config -> Future.failedFuture("not run"), new ThisProgram(Main.class))
            .parseArgs(arguments.toArray(String[]::new));
    assertEquals("node", parsed.subcommand().commandSpec().name());
  }

  private static Path sample(String name) {
    var here = Path.of("").toAbsolutePath();
    var file = here.resolve("conf").resolve(name);
    return Files.exists(file) ? file : here.resolveSibling("conf").resolve(name);
  }
}
