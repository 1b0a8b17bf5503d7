@NullMarked
package io.lockstep.gateway;

import org.jspecify.annotations.NullMarked;
