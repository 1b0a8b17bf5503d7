package io.lockstep.runtime.log;

import io.lockstep.log.LogEngine;
import io.lockstep.log.OrderedLogContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Ratis keeps what every engine promises; three real servers on loopback for every promise. */
class RatisOrderedLogTest extends OrderedLogContract {
  private final Path directory;

  RatisOrderedLogTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Override
  protected LogEngine begin() {
    return new RatisGroup(directory).startAll();
  }
}
