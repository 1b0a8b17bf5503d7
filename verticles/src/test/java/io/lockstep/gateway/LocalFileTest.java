package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LocalFileTest {
  private static int lines(String... pieces) {
    LocalFile.Taking taking = new LocalFile.Taking();
    for (String piece : pieces) {
      taking.add(Buffer.buffer(piece));
    }
    return taking.whole(1).lines();
  }

  @Test
  void lines_are_counted_over_all_pieces() {
    assertEquals(0, lines());
    assertEquals(0, lines(""));
    assertEquals(2, lines("a\nb\n"));
    assertEquals(3, lines("a\nb", "\nc"));
    assertEquals(1, lines("a", "b"));
  }
}
