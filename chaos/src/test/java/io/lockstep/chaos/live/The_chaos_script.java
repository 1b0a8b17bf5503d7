package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** {@code chaos/run.sh} runs with its own class path, which is not that of the tests. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class The_chaos_script {
  private static final Path CLASSES = Path.of("target", "classes");
  private static final Path LIBRARIES = Path.of("target", "lib");

  @Test
  void has_every_class_that_its_own_classes_name() throws Exception {
    try (Stream<Path> jars = Files.list(LIBRARIES)) {
      String path = jars.map(Path::toString).collect(Collectors.joining(":"));
      StringWriter told = new StringWriter();
      ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
      PrintWriter out = new PrintWriter(told, true);
      String[] asked = {
        "--multi-release", "17", "--missing-deps", "--class-path", path, CLASSES.toString()
      };
      assertEquals(0, jdeps.run(out, out, asked), told::toString);
      assertTrue(told.toString().isBlank(), told::toString);
    }
  }
}
