package io.lockstep.sql;

import io.lockstep.model.Bytes;

/**
 * One table of LOCK TABLES.
 *
 * @param alias under which alone it may be used; its name where none is given
 * @param write whether for writing
 * @param text the table and its alias as written
 */
public record LockWanted(TableRef table, String alias, boolean write, Bytes text) {}
