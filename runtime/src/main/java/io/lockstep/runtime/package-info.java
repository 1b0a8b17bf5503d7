/** The node as a process: command line, configuration, cluster, ordered log, embedded database. */
@NullMarked
package io.lockstep.runtime;

import org.jspecify.annotations.NullMarked;
