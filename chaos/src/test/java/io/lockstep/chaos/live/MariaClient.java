package io.lockstep.chaos.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The stock {@code mariadb} client that lies beside the embedded server. */
record MariaClient(Path program, int port) {
  /** What a run of it printed, errors included, without the line ends around it. */
  record Said(int exit, String text) {}

  /** The client that belongs to the server with this process id. */
  static MariaClient beside(long serverPid, int port) {
    String server = ProcessHandle.of(serverPid).flatMap(one -> one.info().command()).orElseThrow();
    return new MariaClient(Path.of(server).resolveSibling("mariadb"), port);
  }

  /** Runs one or more statements, rows without headings. */
  Said run(String sql, String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(program.toString(), "--no-defaults", "--host=127.0.0.1", "--port=" + port, "-N"));
    command.addAll(List.of(options));
    command.addAll(List.of("-e", sql));
    Process client = new ProcessBuilder(command).redirectErrorStream(true).start();
    client.getOutputStream().close();
    String text = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String strip =
        text.lines()
            .filter(line -> !line.startsWith("WARNING: option --ssl-verify-server-cert"))
            .reduce("", (all, line) -> all.isEmpty() ? line : all + "\n" + line);
    return new Said(client.waitFor(), strip);
  }

  /** The one file called {@code name} below {@code folder}. */
  static Path find(Path folder, String name) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
    }
  }
}
