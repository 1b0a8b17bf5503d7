@NullMarked
package io.lockstep.chaos.history;

import org.jspecify.annotations.NullMarked;
