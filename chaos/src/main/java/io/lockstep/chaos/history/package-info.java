/** What clients did and saw in transactions, and whether any order explains it. Plain functions. */
@NullMarked
package io.lockstep.chaos.history;

import org.jspecify.annotations.NullMarked;
