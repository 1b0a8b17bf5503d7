package io.lockstep.mysql;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CompressedWireTest {
  private static final String PING = "05 0000 00 000000  01 0000 00 0e";
  private static final String OK = "07 0000 01 00 00 00 0200 0000";

  /** As zlib packs a COM_QUERY of 50 bytes, header included. */
  private static final String QUERY =
      "22 0000 00 320000" + "789cd3636060602e4ecd494d2e51503230343236313533b7b0c4cd5202000cd10a6c";

  private final List<ProtocolException> broken = new ArrayList<>();
  private final EmbeddedChannel channel = on(Capabilities.COMPRESS);

  private EmbeddedChannel on(int capability) {
    return new EmbeddedChannel(new CompressedWire(Compression.of(capability), broken::add));
  }

  @AfterEach
  void leave_nothing_behind() {
    channel.finishAndReleaseAll();
  }

  private void receive(String hex) {
    channel.writeInbound(Unpooled.wrappedBuffer(Hex.buffer(hex).getBytes()));
  }

  private static String next(ByteBuf message) {
    try {
      return ByteBufUtil.hexDump(message);
    } finally {
      message.release();
    }
  }

  private String taken() {
    return next(channel.readInbound());
  }

  private String answer(String hex) {
    channel.writeOutbound(Unpooled.wrappedBuffer(Hex.buffer(hex).getBytes()));
    return next(channel.readOutbound());
  }

  private void assertBroken(int code) {
    assertEquals(List.of(code), broken.stream().map(e -> e.error().code()).toList());
  }

  @Test
  void a_short_frame_is_not_packed_either_way() {
    receive(PING);
    assertEquals("010000000e", taken());
    assertEquals(squeezed("0b 0000 01 000000" + OK), answer(OK));
  }

  @Test
  void a_packed_command_is_unpacked() {
    receive(QUERY);
    assertEquals(
        squeezed("2e 0000 00 03")
            + Hex.of(Buffer.buffer("select \"012345678901234567890123456789012345\"")),
        taken());
  }

  @Test
  void frames_may_arrive_in_any_pieces() {
    byte[] all = Hex.buffer(PING + QUERY).getBytes();
    StringBuilder got = new StringBuilder();
    for (byte one : all) {
      channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {one}));
      ByteBuf message = channel.readInbound();
      if (message != null) {
        got.append(next(message));
      }
    }
    assertTrue(got.toString().startsWith("010000000e2e00000003"), got.toString());
    assertEquals(2 * (5 + 50), got.length());
  }

  @Test
  void the_frames_of_an_answer_count_on_and_those_of_the_next_begin_again() {
    receive(PING);
    answer(OK);
    assertTrue(answer(OK).startsWith("0b000002"));
    receive(PING);
    assertTrue(answer(OK).startsWith("0b000001"));
    assertEquals(List.of(), broken);
  }

  @Test
  void an_answer_to_our_own_question_counts_on() {
    receive(PING);
    answer(OK);
    receive("06 0000 02 000000  02 0000 02 6162");
    assertEquals(List.of(), broken);
    assertTrue(answer(OK).startsWith("0b000003"));
  }

  @Test
  void a_command_in_two_frames_is_counted_through() {
    receive("05 0000 00 000000  02 0000 00 0e");
    receive("01 0000 01 000000  0e");
    assertEquals(List.of(), broken);
    assertTrue(answer(OK).startsWith("0b000002"));
  }

  /** As MariaDB's connector for Node.js sends it: a frame for the rows, one for the end. */
  @Test
  void the_frames_of_a_file_that_we_asked_for_count_on() {
    receive(PING);
    taken();
    answer("02 0000 01 fb 66");
    receive("07 0000 02 000000  03 0000 02 312c32");
    assertEquals("03000002312c32", taken());
    receive("04 0000 03 000000  00 0000 03");
    assertEquals("00000003", taken());
    assertEquals(List.of(), broken);
  }

  @Test
  void a_frame_in_the_middle_of_a_packet_may_not_begin_again() {
    receive("05 0000 00 000000  02 0000 00 0e");
    receive("01 0000 00 000000  0e");
    assertBroken(1156);
  }

  @Test
  void a_command_begins_at_zero() {
    receive("05 0000 01 000000  01 0000 00 0e");
    assertBroken(1156);
    assertNull(channel.readInbound());
  }

  @Test
  void what_is_not_packed_as_it_says_is_refused_and_nothing_more_is_read() {
    receive("05 0000 00 320000  01 0000 00 0e" + PING);
    assertBroken(1157);
    receive(PING);
    assertNull(channel.readInbound());
    assertEquals(1, broken.size());
  }

  @Test
  void a_frame_that_unpacks_to_another_length_is_refused() {
    receive(QUERY.replace("320000", "310000"));
    assertBroken(1157);
  }

  @Test
  void a_frame_that_unpacks_to_less_is_refused() {
    receive(QUERY.replace("320000", "330000"));
    assertBroken(1157);
  }

  @Test
  void nothing_more_is_unpacked_while_the_reader_pauses() {
    channel.config().setAutoRead(false);
    channel.writeInbound(Unpooled.wrappedBuffer(Hex.buffer(PING + PING).getBytes()));
    while (channel.inboundMessages().size() > 1) {
      taken();
    }
    channel.releaseInbound();
    channel.read();
    assertEquals("010000000e", taken());
    assertNull(channel.readInbound());
  }

  @ParameterizedTest
  @ValueSource(ints = {Capabilities.COMPRESS, Capabilities.ZSTD})
  void a_long_answer_comes_through_as_it_was(int capability) {
    EmbeddedChannel here = on(capability);
    byte[] plain = new byte[20 << 20];
    new Random(7).nextBytes(plain);
    java.util.Arrays.fill(plain, 1 << 20, 18 << 20, (byte) 'x');
    here.writeOutbound(Unpooled.copiedBuffer(plain));
    ByteBuf out = here.readOutbound();
    assertTrue(out.readableBytes() < plain.length / 2);
    assertArrayEquals(plain, unpacked(out, capability));
    here.finishAndReleaseAll();
  }

  @ParameterizedTest
  @ValueSource(ints = {Capabilities.COMPRESS, Capabilities.ZSTD})
  void noise_is_sent_as_it_is(int capability) {
    EmbeddedChannel here = on(capability);
    byte[] noise = new byte[1_000];
    new Random(7).nextBytes(noise);
    here.writeOutbound(Unpooled.copiedBuffer(noise));
    ByteBuf out = here.readOutbound();
    assertEquals(CompressedWire.HEADER + noise.length, out.readableBytes());
    assertEquals(0, out.getUnsignedMediumLE(4));
    assertArrayEquals(noise, unpacked(out, capability));
    here.finishAndReleaseAll();
  }

  @Test
  void the_older_of_two_agreed_forms_is_taken() {
    try (Compression both = Compression.of(Capabilities.COMPRESS | Capabilities.ZSTD)) {
      assertTrue(both instanceof Compression.Zlib);
    }
  }

  private static byte[] unpacked(ByteBuf frames, int capability) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    try (Compression other = Compression.of(capability)) {
      int sequence = 0;
      while (frames.isReadable()) {
        byte[] packed = new byte[frames.readUnsignedMediumLE()];
        assertEquals(sequence++, frames.readUnsignedByte());
        int length = frames.readUnsignedMediumLE();
        frames.readBytes(packed);
        byte[] piece = length == 0 ? packed : other.unpack(packed, length);
        plain.write(piece, 0, piece.length);
      }
    } finally {
      frames.release();
    }
    return plain.toByteArray();
  }

  private static String squeezed(String hex) {
    return hex.replace(" ", "");
  }
}
