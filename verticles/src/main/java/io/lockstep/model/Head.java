package io.lockstep.model;

/**
 * The end of the committed log, confirmed with a quorum: whoever has applied this much sees every
 * write that was acknowledged before it was asked for.
 *
 * @param index the last committed entry
 * @param seq the last write in it
 */
public record Head(LogIndex index, Seq seq) {}
