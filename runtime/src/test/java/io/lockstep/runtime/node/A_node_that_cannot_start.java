package io.lockstep.runtime.node;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lockstep.bus.FreePorts;
import io.lockstep.runtime.Patience;
import io.lockstep.runtime.config.NodeConfigFile;
import io.lockstep.runtime.database.DatabaseStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class A_node_that_cannot_start {
  @Test
  void says_why_when_everything_it_had_started_is_down(@TempDir Path folder) throws IOException {
    List<Integer> ports = FreePorts.take(5);
    Path file =
        Files.writeString(
            folder.resolve("node.yaml"),
            """
            node: n1
            data: data
            cluster:
              members:
                - {node: n1, host: 127.0.0.1, cluster-port: %d, bus-port: %d, log-port: %d}
            mysql: {port: %d}
            database: {owned: {port: %d, mariadbd: /no/server}}
            """
                .formatted(ports.toArray()));
    assertThrows(
        DatabaseStartException.class, () -> Patience.await(Node.start(NodeConfigFile.load(file))));
  }
}
