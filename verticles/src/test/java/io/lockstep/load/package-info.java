/** What the load package promises. */
@NullMarked
package io.lockstep.load;

import org.jspecify.annotations.NullMarked;
