package io.lockstep.runtime.cli;

import io.lockstep.runtime.database.EmbeddedBinaries;
import io.lockstep.runtime.database.ServerBinaries;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts a whole cluster on this machine, and ends it when it is told to end. */
@Command(
    name = "demo",
    description = {
      "Start a cluster on this machine and run it until Ctrl-C.",
      "Each node is a process of its own with a database of its own. A second start on the same"
          + " folder continues with its data."
    })
final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many nodes (default: ${DEFAULT-VALUE}).")
  private int nodes = 3;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "lockstep-demo",
      description = "Where everything is kept (default: ${DEFAULT-VALUE}, in this folder).")
  private Path data = Path.of("lockstep-demo");

  @Option(
      names = "--mysql-port",
      paramLabel = "PORT",
      defaultValue = "4406",
      description = "The first node's MySQL port (default: ${DEFAULT-VALUE}).")
  private int mysqlPort = 4406;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      defaultValue = "8480",
      description = "The first node's HTTP port (default: ${DEFAULT-VALUE}).")
  private int httpPort = 8480;

  @Option(
      names = "--mariadbd",
      paramLabel = "PATH",
      description = "A MariaDB server to use instead of the packaged one.")
  private Optional<Path> mariadbd = Optional.empty();

  @Option(
      names = "--mariadbd-defaults",
      paramLabel = "FILE",
      description = "An option file for the servers; what Lockstep requires wins over it.")
  private Optional<Path> mariadbdDefaults = Optional.empty();

  @Option(
      names = "--ready-file",
      paramLabel = "FILE",
      description = "Written as JSON when every node serves.")
  private Optional<Path> readyFile = Optional.empty();

  @Option(names = "--restart", description = "Start nodes again that die.")
  private boolean restart;

  @Option(names = "--json", description = "Print what the ready file holds instead of a table.")
  private boolean json;

  private final ThisProgram program;

  DemoCommand(ThisProgram program) {
    this.program = program;
  }

  @Override
  public Integer call() throws InterruptedException {
    var layout = new DemoLayout(data, nodes, mysqlPort, httpPort);
    findBinaries();
    var held =
        FolderLock.take(layout.folder(), "demo")
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCodes.REFUSED, "A demo is running in " + layout.folder()));
    try (held) {
      return run(layout);
    } catch (IOException e) {
      throw new CommandFailure(ExitCodes.FAILED, "Cannot leave " + layout.folder(), e);
    }
  }

  private Integer run(DemoLayout layout) throws InterruptedException {
    layout.requireSameSize();
    layout.write(mariadbd, mariadbdDefaults);
    var demo = new Demo(layout, program, spec.commandLine().getErr(), Demo.READY_WAIT_MAX);
    demo.requireAlone();
    PortCheck.requireFree(layout.nodes());
    Runtime.getRuntime().addShutdownHook(new Thread(demo::end, "lockstep-demo-end"));
    say("Starting " + nodes + " nodes in " + layout.folder() + " ...");
    try {
      var report = demo.start();
      readyFile.ifPresent(report::writeTo);
      show(report);
      demo.watch(restart, () -> readyFile.ifPresent(report::writeTo));
      return ExitCodes.DONE;
    } finally {
      demo.end();
    }
  }

  /**
   * Before any node starts, so that they need not wait for each other, and before the folder is
   * made, so that an error leaves nothing.
   */
  private void findBinaries() {
    findBinaries(mariadbd, this::say);
    mariadbdDefaults.ifPresent(
        file -> {
          if (!file.toFile().canRead()) {
            throw new CommandFailure(ExitCodes.REFUSED, "Cannot read " + file);
          }
        });
  }

  static void findBinaries(Optional<Path> mariadbd, Consumer<String> progress) {
    if (mariadbd.isPresent()) {
      ServerBinaries.at(mariadbd.get());
    } else {
      EmbeddedBinaries.packaged(progress).unpacked();
    }
  }

  private void show(ReadyReport report) {
    var out = spec.commandLine().getOut();
    if (json) {
      out.println(report.json());
    } else {
      out.println(report.table());
      out.println();
      out.println("Every node takes reads and writes. User root, no password, this machine only:");
      out.println("  mariadb -h 127.0.0.1 -P " + mysqlPort + " -u root");
      out.println("Data in " + data + ". Ctrl-C ends everything; the same command continues.");
    }
    out.flush();
  }

  private void say(String message) {
    var err = spec.commandLine().getErr();
    err.println(message);
    err.flush();
  }
}
