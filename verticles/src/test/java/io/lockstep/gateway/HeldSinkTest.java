package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.mysql.RelaySink;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HeldSinkTest {
  private final Buffer seen = Buffer.buffer();
  private final HeldSink sink =
      new HeldSink(
          new RelaySink() {
            @Override
            public void frames(Buffer frames) {
              seen.appendBuffer(frames);
            }

            @Override
            public boolean full() {
              return true;
            }

            @Override
            public void whenDrained(Runnable resume) {
              resume.run();
            }
          });

  @Test
  void a_short_answer_is_seen_when_it_is_let_go() {
    sink.frames(Buffer.buffer("a"));
    sink.frames(Buffer.buffer("b"));
    assertEquals("", seen.toString());
    assertFalse(sink.full());
    sink.letGo();
    sink.letGo();
    assertEquals("ab", seen.toString());
    sink.frames(Buffer.buffer("c"));
    assertEquals("abc", seen.toString());
    assertTrue(sink.full());
  }

  @Test
  void a_long_one_goes_on_at_once_and_in_order() {
    sink.frames(Buffer.buffer("a"));
    sink.frames(Buffer.buffer(new byte[HeldSink.HELD_MAX]));
    assertEquals(HeldSink.HELD_MAX + 1, seen.length());
    sink.frames(Buffer.buffer("z"));
    assertEquals('z', seen.getByte(HeldSink.HELD_MAX + 1));
  }
}
