/**
 * The database that a node owns: unpacked, installed, started, watched and stopped, or an external
 * one that is only checked. Blocking work runs on a worker of its own.
 */
@NullMarked
package io.lockstep.runtime.database;

import org.jspecify.annotations.NullMarked;
