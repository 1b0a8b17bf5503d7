@NullMarked
package io.lockstep.runtime.log;

import org.jspecify.annotations.NullMarked;
