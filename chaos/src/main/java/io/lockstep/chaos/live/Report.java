package io.lockstep.chaos.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** One HTML page that needs nothing from outside; its plot is drawn by Chart.js, put inline. */
final class Report {
  private static final String CHART =
      "META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";
  private static final String TEMPLATE = "/io/lockstep/chaos/live/report.html";

  private final Verdict verdict;
  private final Timeline timeline;

  Report(Verdict verdict, Timeline timeline) {
    this.verdict = verdict;
    this.timeline = timeline;
  }

  void writeTo(Path file) {
    try {
      Files.writeString(file, html());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String html() {
    return resource(TEMPLATE)
        .replace("{{title}}", escape(verdict.title()))
        .replace("{{verdict}}", verdict.passed() ? "passed" : "FAILED")
        .replace("{{facts}}", facts())
        .replace("{{violations}}", list(verdict.violations(), "none"))
        .replace("{{events}}", list(events(), "none"))
        .replace("{{errors}}", list(errors(), "none"))
        .replace("{{acknowledged}}", json(timeline.throughput()))
        .replace("{{failed}}", json(timeline.failures()))
        .replace("{{marks}}", json(timeline.events().stream().limit(500).toList()))
        .replace("{{chartjs}}", resource("/" + CHART));
  }

  private String facts() {
    return "acknowledged "
        + verdict.acknowledged()
        + " writes, "
        + verdict.unknown()
        + " without an answer; longest pause around each fault, in ms: "
        + verdict.gapsMs();
  }

  private List<String> events() {
    return timeline.events().stream()
        .limit(500)
        .map(event -> event.atMs() + " ms: " + event.what())
        .toList();
  }

  private List<String> errors() {
    return verdict.errors().entrySet().stream()
        .map(e -> e.getValue() + " × " + e.getKey())
        .toList();
  }

  private static String list(List<String> lines, String none) {
    return lines.isEmpty()
        ? "<li>" + none + "</li>"
        : lines.stream()
            .map(line -> "<li>" + escape(line) + "</li>")
            .collect(Collectors.joining("\n"));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String json(Object value) {
    try {
      return new ObjectMapper().writeValueAsString(value).replace("</", "<\\/");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = Objects.requireNonNull(Report.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
