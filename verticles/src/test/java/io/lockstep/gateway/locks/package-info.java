@NullMarked
package io.lockstep.gateway.locks;

import org.jspecify.annotations.NullMarked;
