/** Gives each write its place in the global order, on one node at a time. */
@NullMarked
package io.lockstep.sequencer;

import org.jspecify.annotations.NullMarked;
