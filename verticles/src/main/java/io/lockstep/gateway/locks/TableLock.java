package io.lockstep.gateway.locks;

import io.lockstep.model.Bytes;
import io.lockstep.model.TableName;

/**
 * A table lock that is held, as the order keeps it.
 *
 * @param table its names in lower case
 * @param exclusive whether it keeps out readers too (WRITE); else writers alone (READ)
 * @param lease the user lock by whose life it lives; one for each session
 */
public record TableLock(TableName table, boolean exclusive, Bytes lease) {}
