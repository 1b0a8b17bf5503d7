package io.lockstep.http;

import io.lockstep.load.DigestComparison;
import io.lockstep.load.LoadAdvert;
import io.lockstep.load.LoadBoard;
import io.lockstep.load.LoadFigures;
import io.lockstep.load.MasterChoice;
import io.lockstep.load.Progress;
import io.lockstep.load.Standing;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The cluster as this node sees it, as JSON: what {@code status} and the status page show. */
final class StatusView {
  private final NodeState node;
  private final LoadBoard board;
  private final Supplier<List<MasterChoice>> choices;

  /**
   * @param choices the last choices of a master, newest first
   */
  StatusView(NodeState node, LoadBoard board, Supplier<List<MasterChoice>> choices) {
    this.node = node;
    this.board = board;
    this.choices = choices;
  }

  JsonObject json() {
    List<LoadBoard.Heard> heard = board.heard();
    List<LoadAdvert> adverts = heard.stream().map(LoadBoard.Heard::advert).toList();
    DigestComparison digests = DigestComparison.of(adverts, node.configured().size());
    JsonObject json =
        new JsonObject()
            .put("node", node.node().name())
            .put("version", node.version())
            .put("serving", node.standing().serving())
            .put("reasons", new JsonArray(node.standing().notServing()));
    leader(adverts).ifPresent(leader -> json.put("sequencer", leader.node().name()));
    json.put("term", highest(adverts, progress -> progress.term().value()));
    json.put("lastSeq", highest(adverts, progress -> progress.committed().value()));
    json.put("nodes", nodes(heard, digests));
    json.put("undecided", seqs(digests.undecided()));
    json.put("choices", choices());
    return json;
  }

  /** Of two that believe to lead, the one of the higher term is right. */
  private static Optional<LoadAdvert> leader(List<LoadAdvert> adverts) {
    return adverts.stream()
        .filter(advert -> advert.progress().leads())
        .max(Comparator.comparing(advert -> advert.progress().term()));
  }

  private static long highest(
      List<LoadAdvert> adverts, java.util.function.ToLongFunction<Progress> figure) {
    return adverts.stream().map(LoadAdvert::progress).mapToLong(figure).max().orElse(0);
  }

  private JsonArray nodes(List<LoadBoard.Heard> heard, DigestComparison digests) {
    Map<NodeId, JsonObject> nodes = new TreeMap<>();
    node.configured().forEach(name -> nodes.put(name, silent(name)));
    heard.forEach(one -> nodes.put(one.advert().node(), present(one, digests)));
    JsonArray array = new JsonArray();
    nodes.values().forEach(array::add);
    return array;
  }

  private static JsonObject silent(NodeId name) {
    String reason = "not heard for " + LoadBoard.STALE_AFTER.toSeconds() + " s";
    return new JsonObject()
        .put("node", name.name())
        .put("heard", false)
        .put("role", "unknown")
        .put("serving", false)
        .put("draining", false)
        .put("suspected", false)
        .put("reasons", new JsonArray().add(reason));
  }

  private static JsonObject present(LoadBoard.Heard heard, DigestComparison digests) {
    LoadAdvert advert = heard.advert();
    Progress progress = advert.progress();
    Standing standing = advert.standing();
    return new JsonObject()
        .put("node", advert.node().name())
        .put("heard", true)
        .put("role", progress.leads() ? "leading" : "following")
        .put("term", progress.term().value())
        .put("lastSeq", progress.committed().value())
        .put("appliedSeq", progress.applied().value())
        .put("lag", progress.lagWrites())
        .put("sessions", advert.figures().sessions())
        .put("serving", standing.serving())
        .put("draining", standing.draining())
        .put("suspected", digests.suspected().containsKey(advert.node()))
        .put("reasons", new JsonArray(standing.notServing()))
        .put("load", load(advert.figures()))
        .put("advertAgeMs", millis(heard.age()))
        .put("mysql", advert.endpoints().mysql().toString())
        .put("http", advert.endpoints().http().toString())
        .put("database", advert.endpoints().database().toString());
  }

  private static JsonObject load(LoadFigures figures) {
    return new JsonObject()
        .put("cpu", figures.cpu())
        .put("cores", figures.cores())
        .put("threadsRunning", figures.threadsRunning())
        .put("probeMicros", figures.probeMicros())
        .put("freeMemoryBytes", figures.freeMemoryBytes());
  }

  private JsonArray choices() {
    JsonArray array = new JsonArray();
    for (MasterChoice choice : choices.get()) {
      JsonObject json = new JsonObject();
      choice.master().ifPresent(master -> json.put("master", master.name()));
      JsonArray considered = new JsonArray();
      choice.considered().forEach(one -> considered.add(considered(one)));
      array.add(json.put("considered", considered));
    }
    return array;
  }

  private static JsonObject considered(MasterChoice.Considered one) {
    return new JsonObject()
        .put("node", one.node().name())
        .put("pressure", Math.round(one.pressure() * 1_000) / 1_000.0)
        .put("eligible", one.eligible())
        .put("why", one.why());
  }

  private static JsonArray seqs(List<Seq> seqs) {
    JsonArray array = new JsonArray();
    seqs.forEach(seq -> array.add(seq.value()));
    return array;
  }

  private static long millis(Duration age) {
    return age.toMillis();
  }
}
