package io.lockstep.gateway;

import io.lockstep.bus.Addresses;
import io.lockstep.bus.Bus;
import io.lockstep.model.ClientProcess;
import io.lockstep.model.KillAnswer;
import io.lockstep.model.KillAsked;
import io.lockstep.model.NodeId;
import io.lockstep.model.ProcessesAsked;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The client sessions of the whole cluster. Every gateway answers for its node; one that does not
 * answer in time has no sessions that could be listed or ended.
 */
final class ClusterSessions {
  static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

  private final NodeId self;
  private final Bus bus;
  private final SequencerHint nodes;
  private final Connections connections;

  ClusterSessions(NodeId self, Bus bus, SequencerHint nodes, Connections connections) {
    this.self = self;
    this.bus = bus;
    this.nodes = nodes;
    this.connections = connections;
  }

  /** Begins to answer other nodes. */
  Future<Void> start() {
    return Future.all(
            bus.answer(Addresses.PROCESSES, this::here),
            bus.answer(Addresses.KILL, asked -> Future.succeededFuture(kill(asked))))
        .mapEmpty();
  }

  /** Every session that was asked for, by id. */
  Future<List<ClientProcess>> list(ProcessesAsked asked) {
    List<Future<List<ClientProcess>>> answers =
        Stream.concat(
                Stream.of(here(asked)),
                others().map(node -> of(node, asked).otherwise(List.<ClientProcess>of())))
            .toList();
    return Future.all(answers)
        .map(
            all ->
                answers.stream()
                    .flatMap(answer -> answer.result().stream())
                    .sorted(Comparator.comparingLong(ClientProcess::id))
                    .toList());
  }

  /** What the node that has the session made of it; UNKNOWN when none has. */
  Future<KillAnswer> killAnywhere(KillAsked asked) {
    KillAnswer local = kill(asked);
    if (local != KillAnswer.UNKNOWN) {
      return Future.succeededFuture(local);
    }
    List<Future<KillAnswer>> answers =
        others()
            .map(
                node ->
                    bus.ask(Addresses.KILL, node, asked, ANSWER_WITHIN)
                        .otherwise(KillAnswer.UNKNOWN))
            .toList();
    return answers.isEmpty()
        ? Future.succeededFuture(KillAnswer.UNKNOWN)
        : Future.all(answers)
            .map(
                all ->
                    answers.stream()
                        .map(Future::result)
                        .filter(answer -> answer != KillAnswer.UNKNOWN)
                        .findFirst()
                        .orElse(KillAnswer.UNKNOWN));
  }

  private Stream<NodeId> others() {
    return nodes.nodes().stream().filter(node -> !node.equals(self));
  }

  private Future<List<ClientProcess>> of(NodeId node, ProcessesAsked asked) {
    return bus.ask(Addresses.PROCESSES, node, asked, ANSWER_WITHIN);
  }

  private Future<List<ClientProcess>> here(ProcessesAsked asked) {
    List<Future<ClientProcess>> processes =
        connections.of(asked.user()).stream()
            .limit(ClientProcess.PROCESSES_MAX)
            .map(victim -> victim.process(asked.infoLengthMax()))
            .toList();
    return processes.isEmpty()
        ? Future.succeededFuture(List.of())
        : Future.all(processes).map(all -> processes.stream().map(Future::result).toList());
  }

  private KillAnswer kill(KillAsked asked) {
    return connections
        .find(asked.id())
        .map(
            victim -> {
              if (!asked.anybody() && !victim.user().equals(asked.user())) {
                return KillAnswer.NOT_OWNER;
              }
              victim.kill(asked.queryOnly());
              return KillAnswer.DONE;
            })
        .orElse(KillAnswer.UNKNOWN);
  }
}
