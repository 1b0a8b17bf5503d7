/**
 * What an account may do, read from its own {@code SHOW GRANTS}, for the statements that the
 * database does not check when they are prepared.
 */
@NullMarked
package io.lockstep.gateway.grants;

import org.jspecify.annotations.NullMarked;
