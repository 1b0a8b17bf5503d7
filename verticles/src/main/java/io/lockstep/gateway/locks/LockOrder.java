package io.lockstep.gateway.locks;

import io.lockstep.model.Bytes;
import io.vertx.core.Future;
import java.util.List;

/**
 * Changes of user locks, each of them an ordered write that changes a row or none: the order alone
 * decides who has a lock.
 */
public interface LockOrder {
  /** Takes a lock if nobody has it; whether it did. */
  Future<Boolean> take(LockRow lock);

  /** Gives back one lock of a session; whether it had it. */
  Future<Boolean> release(Bytes name, String gateway, long holder);

  /** Gives back all locks of a session. */
  Future<Long> releaseAll(String gateway, long holder);

  /**
   * Says that these sessions live: their locks get another stamp.
   *
   * @param placed called when that has its place in the order, if it is learnt before the end
   */
  Future<Long> renew(String gateway, List<Long> holders, long stamp, Runnable placed);

  /** Takes a lock from whoever has not renewed it since it was seen like this. */
  Future<Boolean> breakUp(LockRow seen);
}
