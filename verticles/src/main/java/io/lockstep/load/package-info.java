/** Measures this node, advertises it, remembers the others and chooses among them. */
@NullMarked
package io.lockstep.load;

import org.jspecify.annotations.NullMarked;
