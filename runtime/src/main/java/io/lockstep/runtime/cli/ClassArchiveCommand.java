package io.lockstep.runtime.cli;

import io.lockstep.runtime.database.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Runs one node, which does nothing, in a folder beside the jar that is thrown away, and keeps the
 * archive of classes that it leaves. It waits for the node's start and its end, each as long as its
 * bound says.
 */
@Command(
    name = "class-archive",
    description = {
      "Archive the program's classes beside its jar, so that nodes start sooner.",
      "demo uses the archive when it is there. It fits this jar and this Java only; others do"
          + " without."
    })
final class ClassArchiveCommand implements Callable<Integer> {
  private static final Duration READY_WAIT_MAX = Duration.ofMinutes(1);

  /** Below those that the system gives to outgoing connections, the death watch's as well. */
  private static final int PORTS_FROM = 22_200;

  private static final int PORTS = 60;
  private static final int HTTP_FROM = 50;
  private static final int PLACES = 8;

  /** How Java answers SIGTERM: it has written the archive, whole. */
  private static final int ENDED_IN_ORDER = 143;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--mariadbd",
      paramLabel = "PATH",
      description = "A MariaDB server to use instead of the packaged one.")
  private Optional<Path> mariadbd = Optional.empty();

  private final ThisProgram program;

  ClassArchiveCommand(ThisProgram program) {
    this.program = program;
  }

  @Override
  public Integer call() throws InterruptedException {
    var archive =
        program
            .classArchive()
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCodes.REFUSED, "Only classes of a jar can be archived: run java -jar"));
    DemoCommand.findBinaries(mariadbd, this::say);
    var folder = archive.jar().resolveSibling("classes-" + ProcessHandle.current().pid());
    try {
      Files.move(leftBy(node(folder), folder), archive.file(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new CommandFailure(ExitCodes.UNAVAILABLE, "Cannot write " + archive.file(), e);
    }
    say("Archived the program's classes in " + archive.file());
    return ExitCodes.DONE;
  }

  private DemoLayout node(Path folder) {
    return IntStream.range(0, PLACES)
        .map(place -> PORTS_FROM + place * PORTS)
        .mapToObj(port -> new DemoLayout(folder.resolve("data"), 1, port, port + HTTP_FROM))
        .filter(layout -> PortCheck.taken(layout.nodes()).isEmpty())
        .findFirst()
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCodes.UNAVAILABLE,
                    "No place for a node's ports from " + PORTS_FROM + " on: all are in use"));
  }

  private Path leftBy(DemoLayout layout, Path folder) throws InterruptedException {
    var classes = folder.resolve("classes.jsa");
    layout.write(mariadbd, Optional.empty());
    var demo =
        new Demo(
            layout, program.leavingClassesIn(classes), spec.commandLine().getErr(), READY_WAIT_MAX);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> leave(demo, folder), "lockstep-class-archive-end"));
    try {
      demo.start();
    } finally {
      demo.end();
    }
    if (!demo.exitCodes().equals(List.of(ENDED_IN_ORDER)) || !Files.exists(classes)) {
      throw new CommandFailure(
          ExitCodes.UNAVAILABLE,
          "This Java leaves no archive of classes: " + System.getProperty("java.vm.name"));
    }
    return classes;
  }

  /** However this process is told to end, also by itself. */
  private void leave(Demo demo, Path folder) {
    demo.end();
    try {
      FileTree.delete(folder);
    } catch (IOException e) {
      say("Cannot delete " + folder + " (" + e + ")");
    }
  }

  private void say(String message) {
    var out = spec.commandLine().getOut();
    out.println(message);
    out.flush();
  }
}
