/** The in-memory engine of the ordered log, and what every engine must pass. */
@NullMarked
package io.lockstep.log;

import org.jspecify.annotations.NullMarked;
