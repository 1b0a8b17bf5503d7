package io.lockstep.runtime.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database that a killed node left running. It is ended rather than taken over: a statement of
 * the dead node may still be on its way to it, and nothing may change the position after it was
 * read. Blocks; never on an event loop.
 */
public final class OrphanDatabase {
  static final Duration TERM_WAIT_MAX = Duration.ofSeconds(10);
  static final Duration KILL_WAIT_MAX = Duration.ofSeconds(10);
  private static final Logger LOG = LoggerFactory.getLogger(OrphanDatabase.class);

  private final Path pidFile;
  private final Path dataDir;

  /** {@code home} is the folder of the database, as in {@link OwnedSettings}. */
  public OrphanDatabase(Path home) {
    var absolute = home.toAbsolutePath().normalize();
    this.pidFile = absolute.resolve("mariadbd.pid");
    this.dataDir = absolute.resolve("data");
  }

  /** The process that runs on this data, if there is one. */
  public Optional<ProcessHandle> find() {
    return pid().flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive).filter(this::onOurData);
  }

  /**
   * Ends the process: asks, then kills.
   *
   * @return whether there was one
   * @throws DatabaseStartException when it would not end
   */
  public boolean end() {
    var found = find();
    if (found.isEmpty()) {
      return false;
    }
    var orphan = found.get();
    LOG.info("ending the database left behind by a killed node: pid {}", orphan.pid());
    orphan.destroy();
    if (!endsWithin(orphan, TERM_WAIT_MAX)) {
      orphan.destroyForcibly();
      if (!endsWithin(orphan, KILL_WAIT_MAX)) {
        throw new DatabaseStartException(
            "The database process " + orphan.pid() + " of a killed node cannot be ended");
      }
    }
    return true;
  }

  private static boolean endsWithin(ProcessHandle process, Duration wait) {
    try {
      process.onExit().get(wait.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException stillThere) {
      return false;
    } catch (ExecutionException e) {
      throw new DatabaseStartException("Cannot watch the process " + process.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseStartException("Interrupted while a database was ending", e);
    }
  }

  private Optional<Long> pid() {
    try {
      var text = Files.readString(pidFile).strip();
      return text.matches("\\d{1,10}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  /** A pid may by now belong to somebody else's process, so its command line has to agree. */
  private boolean onOurData(ProcessHandle process) {
    return ProcessArguments.of(process).contains("--datadir=" + dataDir);
  }
}
