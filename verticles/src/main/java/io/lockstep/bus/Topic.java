package io.lockstep.bus;

/** One kind of message that nobody answers. */
public record Topic<M>(String name, BodyCodec<M> codec) {}
