/** The ordered log over Apache Ratis: Raft between the nodes, fsynced, embedded in the process. */
@NullMarked
package io.lockstep.runtime.log;

import org.jspecify.annotations.NullMarked;
