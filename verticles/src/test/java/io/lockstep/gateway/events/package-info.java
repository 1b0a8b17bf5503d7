/** Tests of when events are due, and of who runs them. */
@NullMarked
package io.lockstep.gateway.events;

import org.jspecify.annotations.NullMarked;
