package io.lockstep.bus;

/**
 * One kind of question and its answer: the name is part of the address, the codecs fix the bytes.
 */
public record Route<Q, A>(String name, BodyCodec<Q> question, BodyCodec<A> answer) {}
