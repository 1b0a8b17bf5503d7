package io.lockstep.capture;

import io.lockstep.bus.Addresses;
import io.lockstep.model.Capture;
import java.time.Duration;

/**
 * How much and how long.
 *
 * @param groupBytesMax of one branch's rows
 * @param keptBytesMax of rows that wait to be asked for; the oldest go first
 * @param namesMax branches that are remembered, with or without their rows
 * @param within an asker waits no longer
 */
public record CaptureBounds(long groupBytesMax, long keptBytesMax, int namesMax, Duration within) {
  public static final CaptureBounds DEFAULT =
      new CaptureBounds(Capture.Rows.BYTES_MAX, 256L << 20, 1 << 16, Addresses.CAPTURE_WITHIN);
}
