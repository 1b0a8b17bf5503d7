/** The wire protocol under test: golden bytes, torn streams, a scripted server. */
@NullMarked
package io.lockstep.mysql;

import org.jspecify.annotations.NullMarked;
