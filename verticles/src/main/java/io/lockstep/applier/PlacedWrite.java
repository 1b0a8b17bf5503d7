package io.lockstep.applier;

import io.lockstep.model.LogIndex;
import io.lockstep.model.Seq;
import io.lockstep.model.Write;

/**
 * A write read from the log.
 *
 * @param seq its place
 * @param wholeEntries the last log entry that is done with when this write is
 */
record PlacedWrite(Seq seq, LogIndex wholeEntries, Write write) {}
