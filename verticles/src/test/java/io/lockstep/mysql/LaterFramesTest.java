package io.lockstep.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LaterFramesTest {
  private static final String COLUMNS = "01 0000 %s 01" + "02 0000 %s 0361";
  private static final String EOF = "05 0000 %s fe 0000 %s00";
  private static final String ROW = "02 0000 %s 0131";

  private final Buffer passed = Buffer.buffer();

  private final RelaySink inner =
      new RelaySink() {
        @Override
        public void frames(Buffer frames) {
          passed.appendBuffer(frames);
        }

        @Override
        public boolean full() {
          return false;
        }

        @Override
        public void whenDrained(Runnable resume) {
          resume.run();
        }
      };

  private static Buffer result(String... idsAndFlags) {
    return Hex.buffer((COLUMNS + EOF + ROW + EOF).formatted((Object[]) idsAndFlags));
  }

  @ParameterizedTest(name = "in pieces of {0}")
  @ValueSource(ints = {1, 2, 3, 5, 7, 100})
  void ids_count_on_and_another_result_is_told_of(int piece) {
    LaterFrames later = new LaterFrames(inner, 254, true);
    Buffer sent = result("01", "02", "03", "22", "04", "05", "22");
    for (int at = 0; at < sent.length(); at += piece) {
      later.frames(sent.getBuffer(at, Math.min(sent.length(), at + piece)));
    }
    assertEquals(result("fe", "ff", "00", "2a", "01", "02", "2a"), passed);
    assertEquals(3, later.nextSequence());
  }

  @Test
  void the_last_result_tells_of_no_other() {
    new LaterFrames(inner, 9, false).frames(result("01", "02", "03", "22", "04", "05", "22"));
    assertEquals(result("09", "0a", "0b", "22", "0c", "0d", "22"), passed);
  }

  @Test
  void what_continues_a_long_row_is_no_end_whatever_it_begins_with() {
    byte[] first = new byte[PacketWriter.HEADER_BYTES + PacketWriter.FRAME_PAYLOAD_MAX];
    Arrays.fill(first, 0, 3, (byte) 0xff);
    LaterFrames later = new LaterFrames(inner, 1, true);
    later.frames(Buffer.buffer(first));
    later.frames(Hex.buffer("05 0000 02 fe 0000 2200" + "05 0000 03 fe 0000 2200"));
    assertEquals(
        Hex.buffer("05 0000 02 fe 0000 2200" + "05 0000 03 fe 0000 2a00"),
        passed.getBuffer(first.length, passed.length()));
  }
}
