/** Accepts clients, keeps their sessions, relays reads, proposes writes and answers. */
@NullMarked
package io.lockstep.gateway;

import org.jspecify.annotations.NullMarked;
