package io.lockstep.mysql;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PacketFramingTest {
  private static final int BOUND = 64 << 20;

  private final List<Buffer> received = new ArrayList<>();
  private final List<Integer> nexts = new ArrayList<>();

  private PacketReader commands(int bound) {
    PacketReader reader =
        new PacketReader(
            bound,
            0,
            (payload, next) -> {
              received.add(payload);
              nexts.add(next);
            });
    reader.commandPhase();
    return reader;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 0xfffffe, 0xffffff, 0x1000000, 2 * 0xffffff, 2 * 0xffffff + 7})
  void a_payload_of_any_length_comes_out_as_it_went_in(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    Buffer wire = new PacketWriter(0).packet(Buffer.buffer(content)).toBuffer();
    int frames = length / PacketWriter.FRAME_PAYLOAD_MAX + 1;
    assertEquals(length + 4 * frames, wire.length());

    PacketReader reader = commands(BOUND);
    int step = 1_000_003;
    for (int at = 0; at < wire.length(); at += step) {
      reader.feed(wire.slice(at, Math.min(wire.length(), at + step)));
    }

    assertArrayEquals(content, received.get(0).getBytes());
    assertEquals(List.of(frames), nexts);
    assertTrue(reader.idle());
  }

  @Test
  void a_packet_built_field_by_field_is_split_as_well() {
    byte[] content = new byte[0xffffff];
    Buffer fields = new PacketWriter(5).begin().bytes(content).end().toBuffer();
    Buffer whole = new PacketWriter(5).packet(Buffer.buffer(content)).toBuffer();
    assertEquals(whole, fields);
    assertEquals("00000006", Hex.of(fields.getBuffer(fields.length() - 4, fields.length())));
  }

  @Test
  void packets_that_arrive_byte_by_byte_are_whole() {
    PacketReader reader = commands(BOUND);
    Buffer wire = Hex.buffer("01000000 0e 03000000 036162 00000000");
    for (int i = 0; i < wire.length(); i++) {
      reader.feed(wire.slice(i, i + 1));
    }
    assertEquals(List.of("0e", "036162", ""), received.stream().map(Hex::of).toList());
  }

  @Test
  void a_command_that_does_not_begin_at_zero_is_out_of_order() {
    PacketReader reader = commands(BOUND);
    ProtocolException refused =
        assertThrows(ProtocolException.class, () -> reader.feed(Hex.buffer("01000001 0e")));
    assertEquals(1156, refused.error().code());
  }

  @Test
  void a_second_frame_with_the_sequence_id_of_the_first_is_out_of_order() {
    PacketReader reader = commands(BOUND);
    reader.feed(
        Buffer.buffer()
            .appendMediumLE(0xffffff)
            .appendByte((byte) 0)
            .appendBytes(new byte[0xffffff]));
    assertThrows(ProtocolException.class, () -> reader.feed(Hex.buffer("00000000")));
  }

  @Test
  void a_command_past_the_bound_is_refused_at_its_end() {
    PacketReader reader = commands(1000);
    reader.feed(Hex.buffer("e9030000"));
    reader.feed(Buffer.buffer(new byte[1000]));
    ProtocolException refused =
        assertThrows(ProtocolException.class, () -> reader.feed(Buffer.buffer(new byte[1])));
    assertEquals(1153, refused.error().code());
    assertEquals(1, reader.answersWith());
    assertEquals(List.of(), received);
  }

  @Test
  void nothing_is_kept_of_a_command_of_many_frames_past_the_bound() {
    PacketReader reader = commands(1000);
    for (int i = 0; i < 3; i++) {
      reader.feed(
          Buffer.buffer()
              .appendMediumLE(0xffffff)
              .appendByte((byte) i)
              .appendBytes(new byte[0xffffff]));
      assertTrue(reader.idle());
    }
    assertThrows(ProtocolException.class, () -> reader.feed(Hex.buffer("00000003")));
    assertEquals(4, reader.answersWith());
  }

  @Test
  void a_packet_past_the_bound_is_refused_by_its_header_alone_before_the_login() {
    PacketReader reader = new PacketReader(1000, 1, (payload, next) -> received.add(payload));
    assertThrows(ProtocolException.class, () -> reader.feed(Hex.buffer("e9030001")));
  }

  @Test
  void continuation_frames_count_against_the_bound() {
    PacketReader reader = commands(0xffffff + 10);
    reader.feed(
        Buffer.buffer()
            .appendMediumLE(0xffffff)
            .appendByte((byte) 0)
            .appendBytes(new byte[0xffffff]));
    assertThrows(
        ProtocolException.class,
        () -> reader.feed(Hex.buffer("0b000001").appendBytes(new byte[0x0b])));
  }

  @Test
  void a_paused_reader_holds_back_what_came_and_goes_on_where_it_was() {
    List<String> seen = new ArrayList<>();
    PacketReader[] self = new PacketReader[1];
    PacketReader reader =
        new PacketReader(
            BOUND,
            0,
            (payload, next) -> {
              seen.add(Hex.of(payload));
              self[0].pause();
            });
    self[0] = reader;
    reader.commandPhase();
    reader.feed(Hex.buffer("01000000 01 01000000 02 0100"));
    assertEquals(List.of("01"), seen);
    reader.resume();
    assertEquals(List.of("01", "02"), seen);
    reader.feed(Hex.buffer("0000 03"));
    assertEquals(List.of("01", "02"), seen);
    reader.resume();
    assertEquals(List.of("01", "02", "03"), seen);
  }

  @Test
  void a_delivered_payload_is_not_changed_by_what_arrives_later() {
    PacketReader reader = commands(BOUND);
    reader.feed(Hex.buffer("02000000 0341 020000"));
    reader.feed(Hex.buffer("00 0342 02000000 0343"));
    assertEquals(List.of("0341", "0342", "0343"), received.stream().map(Hex::of).toList());
  }

  @Test
  void random_bytes_end_in_packets_or_in_a_typed_refusal() {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      PacketReader reader = commands(1 << 16);
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      try {
        reader.feed(Buffer.buffer(noise));
      } catch (ProtocolException expected) {
        assertTrue(expected.error().code() == 1156 || expected.error().code() == 1153);
      }
    }
  }

  @Test
  void the_packets_of_a_reply_count_on_without_gaps() {
    List<String> payloads = new ArrayList<>();
    PacketReader reply =
        new PacketReader(1 << 16, 1, (payload, next) -> payloads.add(payload.toString()));
    reply.replyPhase();
    reply.feed(
        new PacketWriter(1).packet(Buffer.buffer("a")).packet(Buffer.buffer("b")).toBuffer());
    assertEquals(List.of("a", "b"), payloads);
  }
}
