@NullMarked
package io.lockstep.gateway.grants;

import org.jspecify.annotations.NullMarked;
