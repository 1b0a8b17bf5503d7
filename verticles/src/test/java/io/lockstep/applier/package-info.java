@NullMarked
package io.lockstep.applier;

import org.jspecify.annotations.NullMarked;
