/** The ordered log as a port; the engines behind it live elsewhere. */
@NullMarked
package io.lockstep.log;

import org.jspecify.annotations.NullMarked;
