package io.lockstep.runtime.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what this program is. */
@Command(name = "version", description = "Show the version of Lockstep and of Java.")
final class VersionCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** The version of the packaged program; {@code dev} when it runs from classes. */
  static String version() {
    return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
        .orElse("dev");
  }

  @Override
  public void run() {
    var out = spec.commandLine().getOut();
    if (json) {
      var facts = JsonNodeFactory.instance.objectNode();
      facts.put("version", version()).put("java", Runtime.version().toString());
      out.println(facts);
    } else {
      out.println("lockstep " + version() + " on Java " + Runtime.version());
    }
    out.flush();
  }
}
