package io.lockstep.runtime.cli;

import io.lockstep.runtime.NodeRunner;
import io.lockstep.runtime.config.ConfigException;
import io.lockstep.runtime.database.DatabaseStartException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The root of the command line; its subcommands do the work. */
@Command(
    name = "lockstep",
    description = "Several ordinary MariaDB servers as one database server.",
    mixinStandardHelpOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:done",
      " 1:nodes differ (verify), or what was started ended by itself",
      " 2:wrong usage, or a configuration that is refused",
      " 3:a node, its database or the cluster could not be started or reached",
      "70:a defect of this program"
    },
    scope = ScopeType.INHERIT)
final class LockstepCommand implements Runnable {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // read by the parser, which then prints and leaves
  private boolean help;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show where in the program an error arose.")
  private boolean verbose;

  /** The whole command line, ready to execute arguments. */
  static CommandLine assemble(NodeRunner runner, ThisProgram program) {
    var root = new LockstepCommand();
    return new CommandLine(root)
        .addSubcommand(new DemoCommand(program))
        .addSubcommand(new NodeCommand(runner))
        .addSubcommand(new StatusCommand())
        .addSubcommand(new VerifyCommand())
        .addSubcommand(new ClassArchiveCommand(program))
        .addSubcommand(new VersionCommand())
        .setExecutionExceptionHandler(root::explain);
  }

  /** Asked for nothing in particular. */
  @Override
  public void run() {
    throw new CommandFailure(ExitCodes.REFUSED, "Name a command; see lockstep --help");
  }

  private int explain(Exception failure, CommandLine command, ParseResult parsed) {
    var err = command.getErr();
    var culprit = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    err.println("lockstep: " + culprit);
    if (verbose) {
      failure.printStackTrace(err);
    }
    if (failure instanceof CommandFailure expected) {
      return expected.exitCode();
    }
    if (failure instanceof ConfigException) {
      return ExitCodes.REFUSED;
    }
    if (failure instanceof DatabaseStartException) {
      return ExitCodes.UNAVAILABLE;
    }
    if (!verbose) {
      err.println("This is a defect; run the command again with --verbose to see where.");
    }
    return ExitCodes.DEFECT;
  }
}
