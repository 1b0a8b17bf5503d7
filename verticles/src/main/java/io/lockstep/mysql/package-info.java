/** The MySQL wire protocol, both sides: frames, handshake, commands, replies. */
@NullMarked
package io.lockstep.mysql;

import org.jspecify.annotations.NullMarked;
