/** Every address and message that crosses the event bus, in one place, with versioned codecs. */
@NullMarked
package io.lockstep.bus;

import org.jspecify.annotations.NullMarked;
