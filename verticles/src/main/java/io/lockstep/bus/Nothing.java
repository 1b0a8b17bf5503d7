package io.lockstep.bus;

/** The body of a question or an answer that has nothing to say. */
public enum Nothing {
  NOTHING;

  static final BodyCodec<Nothing> CODEC =
      new BodyCodec<>() {
        @Override
        public void write(BodyWriter out, Nothing message) {
          out.u8(1);
        }

        @Override
        public Nothing read(BodyReader in) {
          in.expectVersion(1);
          return NOTHING;
        }
      };
}
