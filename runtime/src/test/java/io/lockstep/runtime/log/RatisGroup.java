package io.lockstep.runtime.log;

import static io.lockstep.runtime.Patience.until;

import io.lockstep.bus.FreePorts;
import io.lockstep.log.HeardLeadership;
import io.lockstep.log.LogEngine;
import io.lockstep.log.OrderedLog;
import io.lockstep.model.Bytes;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import io.lockstep.runtime.Patience;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Several real logs on loopback in this process, to be stopped and started again. */
final class RatisGroup implements LogEngine {
  private static final Duration SETTLED = Duration.ofMillis(400);

  private final List<LogPeer> peers;
  private final Path directory;
  private final long keepBytes;
  private final long keepEntries;
  private Duration electionMin = Duration.ofMillis(150);
  private final HintHub hub = new HintHub();
  private final Map<NodeId, RatisOrderedLog> logs = new ConcurrentHashMap<>();
  private final Map<NodeId, HeardLeadership> heard = new ConcurrentHashMap<>();

  RatisGroup(Path directory) {
    this(directory, LogOptions.KEEP_BYTES_DEFAULT, LogOptions.KEEP_ENTRIES_DEFAULT);
  }

  /** Three members, not started yet. */
  RatisGroup(Path directory, long keepBytes, long keepEntries) {
    this.directory = directory;
    this.keepBytes = keepBytes;
    this.keepEntries = keepEntries;
    List<LogPeer> three = new ArrayList<>();
    for (int port : FreePorts.take(3)) {
      three.add(new LogPeer(new NodeId("n" + (three.size() + 1)), "127.0.0.1", port));
    }
    this.peers = List.copyOf(three);
  }

  /** For what keeps a busy machine from answering in time. */
  RatisGroup patient() {
    electionMin = Duration.ofSeconds(2);
    return this;
  }

  RatisGroup startAll() {
    List<Future<Void>> opened = new ArrayList<>();
    nodes().forEach(node -> opened.add(starting(node, LogIndex.NONE)));
    opened.forEach(this::await);
    return this;
  }

  Path directory(NodeId node) {
    return directory.resolve(node.name());
  }

  Future<Void> starting(NodeId node, LogIndex applied) {
    LogOptions options =
        LogOptions.of(node, peers, directory(node))
            .keeping(keepBytes, keepEntries)
            .electing(electionMin, electionMin.multipliedBy(2));
    RatisOrderedLog log = new RatisOrderedLog(options, hub.of(node));
    HeardLeadership listener = new HeardLeadership();
    logs.put(node, log);
    heard.put(node, listener);
    return log.open(applied, listener);
  }

  @Override
  public List<NodeId> nodes() {
    return peers.stream().map(LogPeer::node).toList();
  }

  List<NodeId> running() {
    return logs.keySet().stream().sorted().toList();
  }

  @Override
  public RatisOrderedLog log(NodeId node) {
    return Optional.ofNullable(logs.get(node))
        .orElseThrow(() -> new NoSuchElementException("not running: " + node));
  }

  @Override
  public HeardLeadership heard(NodeId node) {
    return Optional.ofNullable(heard.get(node))
        .orElseThrow(() -> new NoSuchElementException("never started: " + node));
  }

  /** The leader of the highest term, once there is one that can append. */
  NodeId leader() {
    until(() -> leading().isPresent(), "no leader");
    return leading().orElseThrow();
  }

  private Optional<NodeId> leading() {
    return running().stream()
        .filter(node -> heard(node).leads())
        .max((one, other) -> term(one).compareTo(term(other)));
  }

  /** The term of this node's last reign. */
  Term term(NodeId node) {
    List<HeardLeadership.Reigned> reigns = heard(node).reigns();
    return reigns.isEmpty() ? Term.NONE : reigns.get(reigns.size() - 1).term();
  }

  List<NodeId> followers() {
    NodeId leader = leader();
    return running().stream().filter(node -> !node.equals(leader)).toList();
  }

  @Override
  public void elect(NodeId node) {
    until(
        () -> {
          NodeId leader = leader();
          if (leader.equals(node)) {
            return true;
          }
          log(leader)
              .transferTo(node)
              .onFailure(refused -> LockSupport.parkNanos(1_000_000))
              .otherwiseEmpty()
              .toCompletionStage()
              .toCompletableFuture()
              .join();
          return false;
        },
        node + " does not become leader");
    until(() -> followers().stream().noneMatch(other -> heard(other).leads()), "two leaders");
  }

  @Override
  public void kill(NodeId node) {
    hub.forget(node);
    Optional.ofNullable(logs.remove(node)).ifPresent(log -> await(log.close()));
  }

  @Override
  public void start(NodeId node) {
    await(starting(node, LogIndex.NONE));
  }

  /** Appends at whoever leads now; completes as the append does. */
  Future<LogIndex> append(String payload) {
    NodeId leader = leader();
    return log(leader).append(term(leader), Bytes.utf8(payload));
  }

  /** Appends them all at once at whoever leads, and waits for the last. */
  LogIndex appendAll(List<String> payloads) {
    NodeId leader = leader();
    List<Future<LogIndex>> all =
        payloads.stream().map(text -> log(leader).append(term(leader), Bytes.utf8(text))).toList();
    LogIndex last = LogIndex.NONE;
    for (Future<LogIndex> append : all) {
      last = await(append);
    }
    return last;
  }

  /** Reads until {@code count} payloads have come. */
  List<OrderedLog.Committed> read(NodeId node, LogIndex after, int count) {
    List<OrderedLog.Committed> all = new ArrayList<>();
    LogIndex at = after;
    while (all.size() < count) {
      all.addAll(await(log(node).read(at, count - all.size(), 1 << 20)));
      at = all.get(all.size() - 1).index();
    }
    return all;
  }

  List<String> texts(NodeId node, LogIndex after, int count) {
    return read(node, after, count).stream().map(entry -> entry.payload().utf8()).toList();
  }

  @Override
  public <T> T await(Future<T> future) {
    return Patience.await(future);
  }

  @Override
  public void settle() {
    LockSupport.parkNanos(SETTLED.toNanos());
  }

  @Override
  public void close() {
    nodes().forEach(hub::forget);
    List<Future<Void>> closing = logs.values().stream().map(RatisOrderedLog::close).toList();
    closing.forEach(this::await);
    logs.clear();
  }
}
