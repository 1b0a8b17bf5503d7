@NullMarked
package io.lockstep.runtime.cluster;

import org.jspecify.annotations.NullMarked;
