@NullMarked
package io.lockstep.runtime.node;

import org.jspecify.annotations.NullMarked;
