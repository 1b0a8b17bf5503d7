package io.lockstep.gateway;

import io.lockstep.model.Account;
import io.lockstep.model.Position;
import io.lockstep.sql.CalledProgram;
import io.lockstep.sql.CommittingProcedures;

/**
 * A call or a compound statement, and what stands for what it calls.
 *
 * @param at the definitions by which that was found
 * @param caller the account that calls
 */
record FoundCall(
    CalledProgram called, CommittingProcedures procedures, Position at, Account caller) {}
