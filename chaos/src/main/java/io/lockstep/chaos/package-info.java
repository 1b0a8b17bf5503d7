/** Faults, workloads, checkers and reports. */
@NullMarked
package io.lockstep.chaos;

import org.jspecify.annotations.NullMarked;
