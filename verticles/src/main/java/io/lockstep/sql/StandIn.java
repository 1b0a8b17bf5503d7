package io.lockstep.sql;

/** How a stored procedure can drop or empty a table without a commit. */
public enum StandIn {
  /** A temporary one: it is dropped as such, and its rows are deleted. */
  TEMPORARY,
  /** The same, but it may number its rows, from 1 again when emptied: it is only dropped. */
  NUMBERED,
  /** A table without ids, triggers and foreign keys to heed: its rows are deleted. */
  ROWS
}
