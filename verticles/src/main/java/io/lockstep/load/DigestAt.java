package io.lockstep.load;

import io.lockstep.model.Seq;

/** The digest of every outcome up to {@code seq} at one node; equal on all nodes (invariant I7). */
public record DigestAt(Seq seq, long digest) {}
