package io.lockstep.runtime.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.bus.FreePorts;
import io.lockstep.model.NodeId;
import io.lockstep.runtime.Patience;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jgroups.JChannel;
import org.jgroups.conf.ConfiguratorFactory;
import org.jgroups.conf.ProtocolConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class The_JGroups_samples {
  private static final int NODES = 3;
  private final List<JChannel> channels = new ArrayList<>();

  @AfterEach
  void close() {
    channels.forEach(JChannel::close);
  }

  @Test
  void make_a_group_of_nodes_on_one_host_that_share_the_file() throws Exception {
    int first = FreePorts.block();
    String file = sample("jgroups-one-host.xml");
    for (int i = NODES - 1; i >= 0; i--) {
      file = file.replace(Integer.toString(7800 + i), Integer.toString(first + i));
    }
    for (int i = 0; i < NODES; i++) {
      join(file);
    }
    awaitGroup();
  }

  @Test
  void make_a_group_of_nodes_on_several_hosts() throws Exception {
    String file =
        sample("jgroups-several-hosts.xml")
            .replace("10.0.0.", "127.0.0.")
            .replace("7800", Integer.toString(FreePorts.block()));
    for (int i = 1; i <= NODES; i++) {
      join(file.replace("bind_addr=\"127.0.0.1\"", "bind_addr=\"127.0.0." + i + "\""));
    }
    awaitGroup();
  }

  @ParameterizedTest
  @ValueSource(strings = {"jgroups-one-host.xml", "jgroups-several-hosts.xml"})
  void are_the_stack_that_a_node_makes_by_itself_but_for_addresses(String name) throws Exception {
    List<Member> members =
        IntStream.rangeClosed(1, NODES)
            .mapToObj(i -> new Member(new NodeId("n" + i), "10.0.0." + i, 7800, 7810, 7820))
            .toList();
    ClusterOptions options = ClusterOptions.of(new NodeId("n1"), members, Path.of("log"));
    assertEquals(protocols(JgroupsStack.xml(options)), protocols(sample(name)));
  }

  private void join(String file) throws Exception {
    JChannel channel = new JChannel(stream(file));
    channels.add(channel);
    channel.connect("samples");
  }

  private void awaitGroup() {
    Patience.until(
        () -> channels.stream().allMatch(channel -> channel.getView().size() == NODES),
        "no group of all nodes");
  }

  private static List<String> protocols(String file) throws Exception {
    return ConfiguratorFactory.getStackConfigurator(stream(file)).getProtocolStack().stream()
        .map(The_JGroups_samples::withoutAddresses)
        .toList();
  }

  private static String withoutAddresses(ProtocolConfiguration protocol) {
    return protocol.getProtocolName()
        + protocol.getProperties().entrySet().stream()
            .filter(property -> !property.getKey().matches("bind_addr|port_range|initial_hosts"))
            .map(Object::toString)
            .sorted()
            .collect(Collectors.toList());
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String sample(String name) throws IOException {
    Path here = Path.of("").toAbsolutePath();
    Path file = here.resolve("conf").resolve(name);
    return Files.readString(Files.exists(file) ? file : here.resolveSibling("conf").resolve(name));
  }
}
