/** Runs the ordered writes against the node's own database, in order, exactly once. */
@NullMarked
package io.lockstep.applier;

import org.jspecify.annotations.NullMarked;
