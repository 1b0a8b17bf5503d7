package io.lockstep.bus;

import io.lockstep.model.ClientProcess;
import java.util.List;

/** Version 1: each session's fields in their order. */
public final class ClientProcessesCodec implements BodyCodec<List<ClientProcess>> {
  private static final int VERSION = 1;
  private static final int UTF8_BYTES_PER_CHARACTER = 4;
  private static final int WORD_BYTES_MAX =
      ClientProcess.WORD_LENGTH_MAX * UTF8_BYTES_PER_CHARACTER;
  private static final int INFO_BYTES_MAX =
      ClientProcess.INFO_LENGTH_MAX * UTF8_BYTES_PER_CHARACTER;

  @Override
  public void write(BodyWriter out, List<ClientProcess> message) {
    out.u8(VERSION).list(message, ClientProcessesCodec::one);
  }

  private static void one(BodyWriter out, ClientProcess process) {
    out.var(process.id())
        .text(process.user())
        .text(process.host())
        .text(process.schema())
        .text(process.command())
        .var(process.timeMs())
        .text(process.state())
        .text(process.info());
  }

  @Override
  public List<ClientProcess> read(BodyReader in) {
    in.expectVersion(VERSION);
    return in.list(ClientProcess.PROCESSES_MAX, ClientProcessesCodec::one);
  }

  private static ClientProcess one(BodyReader in) {
    return new ClientProcess(
        in.var(),
        word(in),
        word(in),
        word(in),
        word(in),
        in.var(),
        word(in),
        in.text(INFO_BYTES_MAX));
  }

  private static String word(BodyReader in) {
    return in.text(WORD_BYTES_MAX);
  }
}
