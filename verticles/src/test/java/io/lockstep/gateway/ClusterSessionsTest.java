package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.lockstep.bus.LoopBus;
import io.lockstep.model.ClientProcess;
import io.lockstep.model.KillAnswer;
import io.lockstep.model.KillAsked;
import io.lockstep.model.NodeId;
import io.lockstep.model.ProcessesAsked;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ClusterSessionsTest {
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");
  private static final NodeId DEAD = new NodeId("n3");
  private static final List<NodeId> NODES = List.of(N1, N2, DEAD);

  private final LoopBus loop = new LoopBus();
  private final Connections here = new Connections(N1, NODES);
  private final Connections there = new Connections(N2, List.of(DEAD, N2, N1));
  private final ClusterSessions sessions = sessions(N1, here);
  private final List<String> killed = new ArrayList<>();

  ClusterSessionsTest() {
    sessions.start();
    sessions(N2, there).start();
  }

  @Test
  void an_id_is_given_once_in_the_cluster() {
    assertEquals(101, here.nextId());
    assertEquals(102, there.nextId());
    assertNotEquals(here.nextId(), there.nextId());
  }

  @Test
  void an_id_that_a_client_still_has_is_not_given_again() {
    long first = here.nextId();
    long second = first + 100;
    here.signedIn(second, new Client(second, "app"));
    assertEquals(second + 100, here.nextId());
  }

  @Test
  void sessions_of_every_node_that_answers_are_listed_by_id() {
    signIn(here, "app");
    signIn(there, "root");
    assertEquals(List.of(101L, 102L), ids(new ProcessesAsked(Optional.empty(), 100)));
  }

  @Test
  void one_user_sees_the_own_sessions_only() {
    signIn(here, "app");
    signIn(there, "root");
    signIn(there, "app");
    assertEquals(List.of(101L, 202L), ids(new ProcessesAsked(Optional.of("app"), 100)));
  }

  @Test
  void a_session_is_ended_wherever_it_is() {
    long id = signIn(there, "app");
    assertEquals(KillAnswer.DONE, kill(id, "app", false));
    assertEquals(List.of("102"), killed);
  }

  @Test
  void a_session_of_another_user_is_ended_only_by_whom_everything_is_allowed() {
    long id = signIn(there, "root");
    assertEquals(KillAnswer.NOT_OWNER, kill(id, "app", false));
    assertEquals(List.of(), killed);
    assertEquals(KillAnswer.DONE, kill(id, "app", true));
    assertEquals(List.of("102"), killed);
  }

  @Test
  void an_id_that_nobody_has_is_unknown() {
    assertEquals(KillAnswer.UNKNOWN, kill(7, "app", true));
  }

  private ClusterSessions sessions(NodeId self, Connections connections) {
    return new ClusterSessions(self, loop.of(self), new Nodes(), connections);
  }

  private long signIn(Connections connections, String user) {
    long id = connections.nextId();
    connections.signedIn(id, new Client(id, user));
    return id;
  }

  private List<Long> ids(ProcessesAsked asked) {
    return sessions.list(asked).result().stream().map(ClientProcess::id).toList();
  }

  private KillAnswer kill(long id, String user, boolean anybody) {
    return sessions.killAnywhere(new KillAsked(id, false, user, anybody)).result();
  }

  private static final class Nodes implements SequencerHint {
    @Override
    public Optional<NodeId> designated() {
      return sequencer();
    }

    @Override
    public Optional<NodeId> sequencer() {
      return Optional.of(N1);
    }

    @Override
    public List<NodeId> nodes() {
      return NODES;
    }
  }

  private final class Client implements Connections.Victim {
    private final long id;
    private final String user;

    Client(long id, String user) {
      this.id = id;
      this.user = user;
    }

    @Override
    public String user() {
      return user;
    }

    @Override
    public void kill(boolean queryOnly) {
      killed.add(Long.toString(id));
    }

    @Override
    public Future<ClientProcess> process(int infoLengthMax) {
      return Future.succeededFuture(new ClientProcess(id, user, "::1:1", "", "Sleep", 5, "", ""));
    }
  }
}
