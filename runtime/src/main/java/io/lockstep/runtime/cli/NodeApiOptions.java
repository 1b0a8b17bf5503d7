package io.lockstep.runtime.cli;

import io.lockstep.runtime.config.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which node is asked, and as whom. */
final class NodeApiOptions {
  private static final String PASSWORD_VARIABLE = "LOCKSTEP_PASSWORD";

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8480",
      description = "The HTTP address of any node (default: ${DEFAULT-VALUE}).")
  private URI url = URI.create("http://127.0.0.1:8480");

  @Option(
      names = "--user",
      paramLabel = "NAME",
      defaultValue = "root",
      description = "The database account to sign in with (default: ${DEFAULT-VALUE}).")
  private String user = "root";

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = {
        "The file whose first line is the password.",
        "Without it the variable " + PASSWORD_VARIABLE + ", without that none."
      })
  private Optional<Path> passwordFile = Optional.empty();

  NodeApi connect() {
    var password =
        passwordFile
            .map(file -> new Secret(Optional.of(file), Optional.empty()).read())
            .or(() -> Optional.ofNullable(System.getenv(PASSWORD_VARIABLE)))
            .orElse("");
    if (url.getHost() == null) {
      throw new CommandFailure(
          ExitCodes.REFUSED, "--url must be like http://127.0.0.1:8480, was " + url);
    }
    return new NodeApi(url, user, password);
  }
}
