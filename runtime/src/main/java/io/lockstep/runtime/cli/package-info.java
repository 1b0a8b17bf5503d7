/** The command line: what an operator types, what is printed, and how a process starts and ends. */
@NullMarked
package io.lockstep.runtime.cli;

import org.jspecify.annotations.NullMarked;
