/** This node among the others: membership, event bus, the choice of the sequencer, the log. */
@NullMarked
package io.lockstep.runtime.cluster;

import org.jspecify.annotations.NullMarked;
