/** Real processes, real faults: a cluster under load, killed from a seed, then checked. */
@NullMarked
package io.lockstep.chaos.live;

import org.jspecify.annotations.NullMarked;
