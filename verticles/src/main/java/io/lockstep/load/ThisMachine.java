package io.lockstep.load;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine this process runs on. Memory is {@code MemAvailable} of {@code /proc/meminfo}
 * (proc(5): an estimate of what new work can have, caches included) where there is one.
 */
public final class ThisMachine implements Machine {
  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final String AVAILABLE = "MemAvailable:";
  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  @Override
  public double cpu() {
    double measured = system.getCpuLoad();
    return measured >= 0 ? Math.min(1, measured) : 0;
  }

  @Override
  public int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  @Override
  public long freeMemoryBytes() {
    if (!Files.isReadable(MEMINFO)) {
      return system.getFreeMemorySize();
    }
    try {
      return Files.readAllLines(MEMINFO).stream()
          .filter(line -> line.startsWith(AVAILABLE))
          .mapToLong(line -> kibibytes(line.substring(AVAILABLE.length())))
          .findFirst()
          .orElseGet(system::getFreeMemorySize);
    } catch (IOException unreadable) {
      return system.getFreeMemorySize();
    }
  }

  private static long kibibytes(String text) {
    return Long.parseLong(text.replace("kB", "").trim()) << 10;
  }
}
