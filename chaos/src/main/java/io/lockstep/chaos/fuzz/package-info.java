/** Random schemas and statements from a seed, for clusters whose nodes are then compared. */
@NullMarked
package io.lockstep.chaos.fuzz;

import org.jspecify.annotations.NullMarked;
