/** Events of the whole cluster: when they are due, and who runs them. */
@NullMarked
package io.lockstep.gateway.events;

import org.jspecify.annotations.NullMarked;
