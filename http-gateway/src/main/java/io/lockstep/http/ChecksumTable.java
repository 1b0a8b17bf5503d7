package io.lockstep.http;

import io.lockstep.model.Bytes;
import io.lockstep.model.CheckpointReport;
import io.lockstep.model.NodeId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the nodes' reports of one checkpoint say side by side. */
record ChecksumTable(List<CheckpointReport> reports, List<NodeId> configured) {
  ChecksumTable {
    reports = List.copyOf(reports);
    configured = List.copyOf(configured);
  }

  JsonObject json() {
    TreeSet<String> objects = new TreeSet<>();
    reports.forEach(report -> objects.addAll(report.checksums().keySet()));
    JsonArray differences = new JsonArray();
    for (String object : objects) {
      TreeMap<String, String> sums = sums(object);
      if (sums.values().stream().distinct().count() > 1) {
        differences.add(difference(object, sums));
      }
    }
    JsonArray missing = missing();
    boolean sameSeq = reports.stream().map(CheckpointReport::seq).distinct().count() <= 1;
    JsonObject json = new JsonObject();
    reports.stream()
        .findFirst()
        .ifPresent(any -> json.put("checkpoint", any.checkpoint()).put("seq", any.seq().value()));
    return json.put("identical", differences.isEmpty() && missing.isEmpty() && sameSeq)
        .put("nodes", seqs())
        .put("missing", missing)
        .put("checked", objects.size())
        .put("differences", differences);
  }

  private TreeMap<String, String> sums(String object) {
    TreeMap<String, String> sums = new TreeMap<>();
    for (CheckpointReport report : reports) {
      Optional<Bytes> sum = Optional.ofNullable(report.checksums().get(object));
      sums.put(
          report.node().name(),
          sum.map(bytes -> HexFormat.of().formatHex(bytes.view())).orElse("absent"));
    }
    return sums;
  }

  private static JsonObject difference(String object, Map<String, String> sums) {
    JsonObject checksums = new JsonObject();
    sums.forEach(checksums::put);
    return new JsonObject().put("object", object).put("checksums", checksums);
  }

  private JsonArray missing() {
    JsonArray missing = new JsonArray();
    configured.stream()
        .filter(node -> reports.stream().noneMatch(report -> report.node().equals(node)))
        .forEach(node -> missing.add(node.name()));
    return missing;
  }

  private JsonArray seqs() {
    JsonArray nodes = new JsonArray();
    reports.stream()
        .sorted((a, b) -> a.node().compareTo(b.node()))
        .forEach(
            report ->
                nodes.add(
                    new JsonObject()
                        .put("node", report.node().name())
                        .put("seq", report.seq().value())));
    return nodes;
  }
}
