package io.lockstep.runtime.log;

import static io.lockstep.runtime.Patience.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.log.OrderedLog;
import io.lockstep.model.Bytes;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class The_ordered_log_on_Ratis {
  private final Path directory;

  The_ordered_log_on_Ratis(@TempDir Path directory) {
    this.directory = directory;
  }

  private static List<String> numbered(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  @Test
  void carries_the_largest_payload_whole_between_its_neighbours() {
    try (RatisGroup group = new RatisGroup(directory).patient().startAll()) {
      byte[] large = new byte[OrderedLog.PAYLOAD_BYTES_MAX];
      for (int i = 0; i < large.length; i++) {
        large[i] = (byte) (i * 31 + (i >> 12));
      }
      NodeId leader = group.leader();
      Term term = group.term(leader);
      OrderedLog log = group.log(leader);
      List<Future<LogIndex>> all =
          List.of(
              log.append(term, Bytes.utf8("before")),
              log.append(term, Bytes.owning(large)),
              log.append(term, Bytes.utf8("after")));
      List<LogIndex> places = all.stream().map(group::await).toList();
      for (NodeId node : group.running()) {
        List<OrderedLog.Committed> read = group.read(node, LogIndex.NONE, 3);
        assertEquals(places, read.stream().map(OrderedLog.Committed::index).toList());
        assertEquals("before", read.get(0).payload().utf8());
        assertEquals(Bytes.owning(large), read.get(1).payload());
        assertEquals("after", read.get(2).payload().utf8());
      }
      assertEquals(
          Bytes.owning(large), group.await(log.lastBefore(places.get(2))).orElseThrow().payload());
    }
  }

  @Test
  void takes_back_a_node_that_was_away_and_its_uncommitted_tail() {
    try (RatisGroup group = new RatisGroup(directory).startAll()) {
      List<String> expected = new ArrayList<>(numbered("a", 20));
      group.appendAll(expected);
      NodeId old = group.leader();
      Term term = group.term(old);
      group.followers().forEach(group::kill);
      List<Future<LogIndex>> tail =
          numbered("lost", 30).stream()
              .map(text -> group.log(old).append(term, Bytes.utf8(text)))
              .toList();
      group.settle();
      group.kill(old);
      assertTrue(tail.stream().noneMatch(Future::succeeded));
      group.nodes().stream().filter(node -> !node.equals(old)).forEach(group::start);
      group.appendAll(numbered("b", 20));
      group.start(old);
      expected.addAll(numbered("b", 20));
      for (NodeId node : group.running()) {
        assertEquals(expected, group.texts(node, LogIndex.NONE, 40));
      }
    }
  }

  @Test
  void elects_at_once_who_is_told_that_the_leader_is_gone() {
    try (RatisGroup group = new RatisGroup(directory).patient().startAll()) {
      group.appendAll(List.of("before"));
      NodeId gone = group.leader();
      NodeId next = group.followers().get(1);
      until(
          () -> {
            group.await(group.log(next).succeed(gone));
            return group.leader().equals(next);
          },
          "another leads");
      assertEquals(List.of("before"), group.texts(next, LogIndex.NONE, 1));
      group.appendAll(List.of("after"));
    }
  }

  @Test
  void keeps_its_leader_when_another_node_is_gone() {
    try (RatisGroup group = new RatisGroup(directory).patient().startAll()) {
      LogIndex at = group.appendAll(List.of("before"));
      NodeId leader = group.leader();
      Term term = group.term(leader);
      group.await(group.log(group.followers().get(0)).succeed(group.followers().get(1)));
      group.settle();
      assertTrue(group.await(group.append("after")).isAfter(at));
      assertEquals(term, group.term(leader));
    }
  }

  @Test
  void reads_on_from_the_position_of_the_database_after_a_restart_of_all() {
    try (RatisGroup group = new RatisGroup(directory).startAll()) {
      group.appendAll(numbered("a", 50));
      NodeId any = group.nodes().get(0);
      LogIndex middle = group.read(any, LogIndex.NONE, 25).get(24).index();
      group.nodes().forEach(group::kill);
      group.nodes().forEach(node -> group.await(group.starting(node, middle)));
      assertEquals(numbered("a", 50).subList(25, 50), group.texts(any, middle, 25));
    }
  }

  @Test
  void shows_a_commit_to_the_followers_at_once() {
    try (RatisGroup group = new RatisGroup(directory).startAll()) {
      LogIndex at = group.appendAll(List.of("warm"));
      NodeId follower = group.followers().get(0);
      group.read(follower, LogIndex.NONE, 1);
      long began = System.nanoTime();
      for (int i = 0; i < 50; i++) {
        Future<List<OrderedLog.Committed>> seen = group.log(follower).read(at, 1, 1 << 20);
        at = group.await(group.append("x" + i));
        assertEquals(at, group.await(seen).get(0).index());
      }
      // Ratis alone takes a heartbeat, 75 ms here, for each.
      assertTrue(System.nanoTime() - began < 50 * 40_000_000L);
    }
  }

  @Test
  void confirms_its_head_on_the_leader_and_on_a_follower() {
    try (RatisGroup group = new RatisGroup(directory).startAll()) {
      LogIndex last = group.await(group.append("x"));
      for (NodeId node : group.running()) {
        assertFalse(last.isAfter(group.await(group.log(node).confirmedHead())));
      }
    }
  }

  @Test
  void purges_what_the_database_holds_and_tells_a_node_that_needs_it() {
    try (RatisGroup group = new RatisGroup(directory, 0, 0).patient().startAll()) {
      LogIndex begin = group.appendAll(numbered("a", 10));
      NodeId away = group.followers().get(0);
      group.kill(away);
      String page = "x".repeat(16_000);
      for (int i = 0; i < 4; i++) {
        group.appendAll(Collections.nCopies(800, page));
      }
      LogIndex last = group.await(group.append("last"));
      for (NodeId node : group.running()) {
        LogIndex middle = new LogIndex(last.value() - 500);
        group.read(node, begin, 3_000);
        group.log(node).applied(middle);
        until(() -> firstKept(group, node) > begin.value(), "nothing is purged");
        assertTrue(firstKept(group, node) <= middle.value());
        assertEquals(500, group.read(node, middle, 500).size());
        assertThrows(
            OrderedLog.PurgedException.class,
            () -> group.await(group.log(node).read(LogIndex.NONE, 1, 1)));
      }
      group.start(away);
      until(() -> !group.heard(away).failures().isEmpty(), "it does not hear that it is behind");
    }
  }

  private static long firstKept(RatisGroup group, NodeId node) {
    try (Stream<Path> files = Files.walk(group.directory(node))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("log_"))
          .map(name -> name.substring(4).split("-", -1)[0].replaceAll("\\D", ""))
          .filter(start -> !start.isEmpty())
          .mapToLong(Long::parseLong)
          .min()
          .orElse(0);
    } catch (IOException | UncheckedIOException changing) {
      return 0;
    }
  }

  @Test
  void refuses_to_open_when_it_ends_before_what_the_database_holds() {
    try (RatisGroup group = new RatisGroup(directory).startAll()) {
      LogIndex last = group.appendAll(numbered("a", 5));
      NodeId node = group.followers().get(0);
      group.kill(node);
      LogIndex beyond = new LogIndex(last.value() + 10);
      Future<Void> opened = group.starting(node, beyond);
      assertThrows(IllegalStateException.class, () -> group.await(opened));
    }
  }
}
