package io.lockstep.runtime.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import io.lockstep.runtime.config.ConfigException;
import io.lockstep.runtime.config.LoggingConfig;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** Directs the messages of this process to where the node's configuration says. */
final class NodeLogging {
  /** What a logback configuration calls the file of {@code logging.file}. */
  static final String FILE_PROPERTY = "LOCKSTEP_LOG";

  private NodeLogging() {}

  static void apply(LoggingConfig config) {
    var source =
        config
            .configFile()
            .map(NodeLogging::url)
            .orElseGet(
                () -> builtIn(config.file().isPresent() ? "node-file.xml" : "node-console.xml"));
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      configure(context, source, config.file());
    }
  }

  static void configure(LoggerContext context, URL source, Optional<Path> file) {
    context.reset();
    file.ifPresent(path -> context.putProperty(FILE_PROPERTY, path.toString()));
    var configurator = new JoranConfigurator();
    configurator.setContext(context);
    try {
      configurator.doConfigure(source);
    } catch (JoranException e) {
      throw new ConfigException("the logging configuration " + source + ": " + e.getMessage());
    }
  }

  private static URL builtIn(String name) {
    return Optional.ofNullable(NodeLogging.class.getResource(name)).orElseThrow();
  }

  private static URL url(Path file) {
    try {
      return file.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new ConfigException("logging.config-file " + file + ": " + e.getMessage());
    }
  }
}
