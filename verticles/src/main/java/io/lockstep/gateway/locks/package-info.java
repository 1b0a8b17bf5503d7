/** User locks (GET_LOCK and its family) of the whole cluster. */
@NullMarked
package io.lockstep.gateway.locks;

import org.jspecify.annotations.NullMarked;
