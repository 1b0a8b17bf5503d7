package io.lockstep.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/**
 * What the event bus carries: between stages of one process the message itself, which is immutable
 * and therefore shared; between processes its bytes.
 */
sealed interface Envelope {
  <M> M open(BodyCodec<M> codec);

  void writeTo(Buffer wire);

  static <M> Envelope of(BodyCodec<M> codec, M message) {
    return new Sent<>(codec, message);
  }

  /** On the way out, and all the way when it stays in this process. */
  record Sent<S>(BodyCodec<S> codec, S message) implements Envelope {
    /** Both ends take the codec from the same route, so the type is the one that was sent. */
    @Override
    @SuppressWarnings("unchecked")
    public <M> M open(BodyCodec<M> expected) {
      return expected.getClass() == codec.getClass()
          ? (M) message
          : expected.decode(codec.encode(message));
    }

    @Override
    public void writeTo(Buffer wire) {
      codec.write(new BodyWriter(wire), message);
    }
  }

  /** Come from another process; not looked at before a stage opens it. */
  record Received(Buffer body) implements Envelope {
    @Override
    public <M> M open(BodyCodec<M> codec) {
      return codec.decode(body);
    }

    @Override
    public void writeTo(Buffer wire) {
      wire.appendBuffer(body);
    }
  }

  /** How Vert.x carries an envelope: a length of four bytes and the body. */
  final class Carrier implements MessageCodec<Envelope, Envelope> {
    static final String NAME = "lockstep";

    @Override
    public void encodeToWire(Buffer wire, Envelope envelope) {
      int lengthAt = wire.length();
      wire.appendInt(0);
      envelope.writeTo(wire);
      wire.setInt(lengthAt, wire.length() - lengthAt - Integer.BYTES);
    }

    @Override
    public Envelope decodeFromWire(int at, Buffer wire) {
      int length = wire.length() - at < Integer.BYTES ? -1 : wire.getInt(at);
      int from = at + Integer.BYTES;
      if (length < 0 || length > wire.length() - from) {
        throw new MalformedBodyException("an envelope has a wrong length: " + length);
      }
      return new Received(wire.slice(from, from + length));
    }

    @Override
    public Envelope transform(Envelope envelope) {
      return envelope;
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}
