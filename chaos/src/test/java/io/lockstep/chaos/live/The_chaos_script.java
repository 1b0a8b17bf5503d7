package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What {@code chaos/run.sh} and {@code chaos/bench.sh} need and no other test starts. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class The_chaos_script {
  private static final Path CLASSES = Path.of("target", "classes");
  private static final Path LIBRARIES = Path.of("target", "lib");
  private static final Path BENCHMARK = Path.of("bench.sh");

  /** Five kinds of ports are counted from the first node's MySQL port, ten of each. */
  private static final int PORTS_OF_A_DEMO = 50;

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

  @Test
  void gives_the_nodes_of_the_benchmark_http_ports_that_they_do_not_need_otherwise()
      throws Exception {
    String text = Files.readString(BENCHMARK);
    int mysql = defaultOf("LOCKSTEP_PORT", text);
    int http = defaultOf("LOCKSTEP_HTTP_PORT", text);
    assertTrue(http >= mysql + PORTS_OF_A_DEMO, mysql + " and " + http);
  }

  private static int defaultOf(String variable, String script) {
    Matcher found = Pattern.compile("\\$\\{" + variable + ":-(\\d+)}").matcher(script);
    assertTrue(found.find(), variable);
    return Integer.parseInt(found.group(1));
  }
}
