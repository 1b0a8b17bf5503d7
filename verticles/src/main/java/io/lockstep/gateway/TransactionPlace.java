package io.lockstep.gateway;

/** At which database a session that begins a transaction runs it. */
public enum TransactionPlace {
  /**
   * At the sequencer's, all of them: then their locks keep each other waiting as on one server. A
   * session goes there with its first transaction, if nothing pins it, and stays.
   */
  TOGETHER,

  /**
   * At the session's own master, which load chose: then more nodes share the work, and of two
   * transactions in each other's way at different nodes the later one gets 1213.
   */
  SPREAD
}
