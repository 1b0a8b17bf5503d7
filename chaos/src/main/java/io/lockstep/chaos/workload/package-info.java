/** What transactional clients do: each workload's statements, and how its history is judged. */
@NullMarked
package io.lockstep.chaos.workload;

import org.jspecify.annotations.NullMarked;
