/** Tests of the messages that cross the event bus. */
@NullMarked
package io.lockstep.bus;

import org.jspecify.annotations.NullMarked;
