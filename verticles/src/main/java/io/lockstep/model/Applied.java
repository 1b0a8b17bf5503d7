package io.lockstep.model;

/**
 * The outcome of a write at the node that applied it.
 *
 * @param seq the write's place in the global order (of its first coming, if it came twice)
 */
public record Applied(WriteId id, Seq seq, Outcome outcome) {}
