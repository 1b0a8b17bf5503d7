package io.lockstep.mysql;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;

/** Where a relayed reply goes. Called on the connection's context. */
public interface RelaySink {
  /** Raw frames: whole or in pieces, in order, with the sequence ids that the client expects. */
  void frames(Buffer frames);

  /** True if no more should come until {@link #whenDrained}. */
  boolean full();

  /** Calls {@code resume} once, when there is room again. */
  void whenDrained(Runnable resume);

  /** A sink for an answer that only its summary is wanted of. */
  RelaySink NOWHERE =
      new RelaySink() {
        @Override
        public void frames(Buffer frames) {}

        @Override
        public boolean full() {
          return false;
        }

        @Override
        public void whenDrained(Runnable resume) {
          resume.run();
        }
      };

  /** A sink that writes to {@code client}, such as the client's socket. */
  static RelaySink to(WriteStream<Buffer> client) {
    return new RelaySink() {
      @Override
      public void frames(Buffer frames) {
        client.write(frames);
      }

      @Override
      public boolean full() {
        return client.writeQueueFull();
      }

      @Override
      public void whenDrained(Runnable resume) {
        client.drainHandler(drained -> resume.run());
      }
    };
  }
}
