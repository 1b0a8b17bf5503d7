@NullMarked
package io.lockstep.runtime;

import org.jspecify.annotations.NullMarked;
