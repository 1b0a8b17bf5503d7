/** One node, assembled: cluster, database, log, stages and front doors, started in order. */
@NullMarked
package io.lockstep.runtime.node;

import org.jspecify.annotations.NullMarked;
