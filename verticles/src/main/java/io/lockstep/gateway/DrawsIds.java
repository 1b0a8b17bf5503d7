package io.lockstep.gateway;

import io.vertx.core.Future;

/** Something whose ids may turn out to be others than the order gave. */
interface DrawsIds {
  /** Whether they are these; if not, it is to be run again, with what it needs. */
  Future<Boolean> settled(Backend backend, BranchAnswer given);
}
