/** Reads what a prepared branch has changed back out of the binary log of the node's database. */
@NullMarked
package io.lockstep.capture;

import org.jspecify.annotations.NullMarked;
