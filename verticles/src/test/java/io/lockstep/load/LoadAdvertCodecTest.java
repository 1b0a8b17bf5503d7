package io.lockstep.load;

import static io.lockstep.load.Adverts.N1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lockstep.bus.BodyReader;
import io.lockstep.bus.BodyWriter;
import io.lockstep.bus.MalformedBodyException;
import io.lockstep.model.Seq;
import io.lockstep.model.Term;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LoadAdvertCodecTest {
  private static final String GOLDEN =
      "01026e3100000000000000090831302e302e302e310cea010831302e302e302e31113608"
          + "31302e302e302e31212009c4000000040000000300000000000004d20000000500000000"
          + "000000060100000000000000070000000000000008000000000000000a00000000000000"
          + "020102096e6f2071756f72756d09c39c6265726c617374010000000000000008ffffffff"
          + "ffffffff";
  private final LoadAdvertCodec codec = new LoadAdvertCodec();
  private final LoadAdvert advert =
      new LoadAdvert(
          N1,
          9,
          Adverts.endpoints(),
          new LoadFigures(0.25, 4, 3, 1_234, 5, 6),
          Progress.of(true, new Term(7), new Seq(8), new Seq(10)),
          new Standing(true, List.of("no quorum", "Überlast")),
          List.of(new DigestAt(new Seq(8), -1L)));

  @Test
  void what_was_written_is_read() {
    assertEquals(advert, codec.read(new BodyReader(written())));
  }

  @Test
  void its_bytes_do_not_change_without_a_new_version() {
    String hex = HexFormat.of().formatHex(written().getBytes());
    assertEquals(GOLDEN, hex);
  }

  @Test
  void truncated_anywhere_it_is_refused() {
    Buffer whole = written();
    for (int length = 0; length < whole.length(); length++) {
      Buffer part = whole.getBuffer(0, length);
      assertThrows(MalformedBodyException.class, () -> codec.read(new BodyReader(part)));
    }
  }

  @Test
  void bytes_left_over_are_refused() {
    Buffer longer = written().appendByte((byte) 0);
    assertThrows(MalformedBodyException.class, () -> codec.read(new BodyReader(longer)));
  }

  @Test
  void content_that_no_node_can_have_is_refused() {
    Buffer broken = written();
    broken.setShort(2, (short) 0x2f2f);
    assertThrows(MalformedBodyException.class, () -> codec.read(new BodyReader(broken)));
  }

  private Buffer written() {
    BodyWriter out = new BodyWriter();
    codec.write(out, advert);
    return out.buffer();
  }
}
