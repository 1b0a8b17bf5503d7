/** Tests of the sequencer. */
@NullMarked
package io.lockstep.sequencer;

import org.jspecify.annotations.NullMarked;
