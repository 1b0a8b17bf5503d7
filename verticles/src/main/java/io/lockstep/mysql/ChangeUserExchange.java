package io.lockstep.mysql;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/** COM_CHANGE_USER: like a login in the middle of a connection, with a possible second round. */
final class ChangeUserExchange extends Exchange {
  private final BackendCredential credential;
  private final long capabilities;
  private final Consumer<Buffer> answers;
  private final Promise<Reply> promise;
  private boolean over;
  private Reply reply = new Reply.Ok(OkPacket.of(0));

  /** {@code answers} sends a frame of ours at once. */
  ChangeUserExchange(
      long commandBytes,
      BackendCredential credential,
      long capabilities,
      Consumer<Buffer> answers,
      Promise<Reply> promise) {
    super(commandBytes, 1);
    this.credential = credential;
    this.capabilities = capabilities;
    this.answers = answers;
    this.promise = promise;
  }

  @Override
  int wanted(int firstByte, int length, boolean continued) {
    return length;
  }

  @Override
  void frame(Buffer in, int at, int length, int inView, boolean continued) {
    int from = at + PacketWriter.HEADER_BYTES;
    if (length == 0) {
      throw ProtocolException.malformed("an empty packet in a reply");
    }
    int first = in.getUnsignedByte(from);
    if (first == AuthSwitch.MARKER) {
      AuthSwitch request = AuthSwitch.decode(in.slice(from, from + length));
      int sequence = in.getUnsignedByte(at + 3) + 1;
      answers.accept(BackendLogin.switched(request, credential, sequence));
      skipSequence();
    } else if (first == ErrPacket.MARKER) {
      reply = new Reply.Err(ErrPacket.decode(in, from, from + length));
      over = true;
    } else {
      reply = new Reply.Ok(OkPacket.decode(in, from, from + length, capabilities));
      over = true;
    }
  }

  @Override
  void rest(Buffer in, int from, int end) {
    throw new IllegalStateException("frames are wanted as a whole");
  }

  @Override
  void flush() {}

  @Override
  boolean complete() {
    return over;
  }

  @Override
  void finish() {
    promise.complete(reply);
  }

  @Override
  void fail(Throwable cause) {
    promise.tryFail(cause);
  }
}
