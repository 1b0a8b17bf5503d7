/**
 * The words of Lockstep as values: ids, writes, outcomes and errors. Plain Java, no framework, no
 * thread of its own.
 */
@NullMarked
package io.lockstep.model;

import org.jspecify.annotations.NullMarked;
