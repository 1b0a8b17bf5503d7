package io.lockstep.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Replies in every chunking: what is collected, what is relayed, where they end. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReplyStreamTest {
  private static final List<ReplyShape> SHAPES =
      List.of(ReplyShape.RESULTS, ReplyShape.PREPARE, ReplyShape.UNTIL_EOF, ReplyShape.SINGLE);
  private static final List<Integer> TYPED = List.of(0, 1835, 1156);
  private static final int MORE = ServerStatus.MORE_RESULTS;
  private static final MySqlError ERROR = new MySqlError(1146, "42S02", "no such table");

  private static PacketWriter rows(PacketWriter out, int count, int lastStatus) {
    ColumnDefinition column = ColumnDefinition.text("c", 100);
    out.begin().lenenc(1).end();
    new EofPacket(0, 2).encode(column.encode(out));
    for (int i = 0; i < count; i++) {
      out.begin().lenencUtf8("row " + "x".repeat(i)).end();
    }
    return new EofPacket(1, lastStatus).encode(out);
  }

  /** Two result sets, an OK between them, an OK at the end. */
  private static Buffer several() {
    PacketWriter out = rows(new PacketWriter(1), 300, 2 | MORE);
    OkPacket.of(1, 2, 2 | MORE, 0, "").encode(out, 0);
    rows(out, 0, 2 | MORE);
    return OkPacket.of(5, 6, 2, 0, "the end").encode(out, 0).toBuffer();
  }

  /** What a relay made of a stream. */
  private static final class Relayed implements RelaySink {
    final Buffer out = Buffer.buffer();
    final Promise<ReplySummary> promise = Promise.promise();
    final FrameScanner scanner;

    Relayed(ReplyShape shape) {
      ArrayDeque<Exchange> waiting = new ArrayDeque<>();
      waiting.add(new RelayExchange(1, 1, shape, 0, this, () -> {}, Optional.empty(), promise));
      scanner = new FrameScanner(waiting, Exchange::finish, ReplyStreamTest::tooMuch);
    }

    @Override
    public void frames(Buffer frames) {
      out.appendBuffer(frames);
    }

    @Override
    public boolean full() {
      return false;
    }

    @Override
    public void whenDrained(Runnable resume) {}

    ReplySummary summary() {
      return promise.future().result();
    }
  }

  private static void tooMuch(Buffer extra) {
    throw ProtocolException.malformed("more came than the reply has");
  }

  private static void feedInPieces(FrameScanner scanner, Buffer wire, int piece) {
    for (int at = 0; at < wire.length(); at += piece) {
      // Each piece is a buffer of its own, as from a socket.
      scanner.feed(wire.getBuffer(at, Math.min(wire.length(), at + piece)));
    }
  }

  @Test
  void several_results_are_collected_in_their_order_however_they_are_cut() {
    Buffer wire = several();
    for (int piece : new int[] {1, 2, 3, 4, 5, 7, 11, 64, 1000, wire.length()}) {
      Collected collected = new Collected(ReplyShape.RESULTS);
      feedInPieces(collected.scanner(), wire, piece);
      Reply.Results results = (Reply.Results) collected.reply();
      assertEquals(4, results.parts().size());
      assertEquals(300, ((Reply.Rows) results.parts().get(0)).count());
      assertEquals(1, ((Reply.Ok) results.parts().get(1)).affected());
      assertEquals(0, ((Reply.Rows) results.parts().get(2)).count());
      assertEquals("the end", ((Reply.Ok) results.parts().get(3)).info());
      assertEquals(304 + 1 + 4 + 1, results.packets().size());
    }
  }

  @Test
  void a_relay_passes_on_every_byte_but_the_ending_however_it_is_cut() {
    Buffer wire = several();
    int ending =
        wire.length() - OkPacket.of(5, 6, 2, 0, "the end").encode(new PacketWriter(0), 0).length();
    for (int piece : new int[] {1, 2, 3, 4, 5, 6, 7, 11, 64, 1000, wire.length()}) {
      Relayed relayed = new Relayed(ReplyShape.RESULTS);
      feedInPieces(relayed.scanner, wire, piece);
      assertEquals(wire.getBuffer(0, ending), relayed.out, "in pieces of " + piece);
      ReplySummary summary = relayed.summary();
      assertEquals(ReplySummary.Start.RESULT_SET, summary.start());
      assertEquals(300, summary.rows());
      assertEquals(2, summary.resultSets());
      assertEquals(Optional.of("the end"), summary.ending().ok().map(OkPacket::info));
      assertEquals(Optional.of(wire.getBuffer(ending, wire.length())), summary.ending().withheld());
    }
  }

  @Test
  void random_cuts_change_nothing() {
    Buffer wire = several();
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Relayed relayed = new Relayed(ReplyShape.RESULTS);
      Collected collected = new Collected(ReplyShape.RESULTS);
      int at = 0;
      while (at < wire.length()) {
        int end = Math.min(wire.length(), at + 1 + random.nextInt(700));
        relayed.scanner.feed(wire.getBuffer(at, end));
        collected.scanner().feed(wire.getBuffer(at, end));
        at = end;
      }
      assertEquals(300, relayed.summary().rows(), "seed " + seed);
      assertEquals(4, ((Reply.Results) collected.reply()).parts().size(), "seed " + seed);
    }
  }

  @Test
  void a_result_set_ends_with_its_eof_which_is_relayed() {
    Buffer wire = rows(new PacketWriter(1), 2, 34).toBuffer();
    Relayed relayed = new Relayed(ReplyShape.RESULTS);
    relayed.scanner.feed(wire);
    assertEquals(wire, relayed.out);
    assertEquals(34, relayed.summary().status());
    assertEquals(1, relayed.summary().warnings());
    assertEquals(Optional.empty(), relayed.summary().ending().withheld());
    assertEquals(wire.length(), relayed.summary().bytes());
  }

  @Test
  void an_error_in_the_middle_of_rows_ends_the_reply_and_is_withheld() {
    PacketWriter out = new PacketWriter(1).begin().lenenc(1).end();
    new EofPacket(0, 2).encode(ColumnDefinition.text("c", 100).encode(out));
    out.begin().lenencUtf8("row").end();
    int before = out.length();
    Buffer wire = ErrPacket.encode(out, ERROR).toBuffer();
    for (int piece = 1; piece <= wire.length(); piece++) {
      Relayed relayed = new Relayed(ReplyShape.RESULTS);
      feedInPieces(relayed.scanner, wire, piece);
      assertEquals(wire.getBuffer(0, before), relayed.out);
      assertEquals(Optional.of(ERROR), relayed.summary().error());
    }
    Collected collected = new Collected(ReplyShape.RESULTS);
    collected.scanner().feed(wire);
    assertEquals(new Reply.Err(ERROR), collected.reply());
  }

  @Test
  void a_row_of_more_than_one_frame_is_one_row() {
    PacketWriter out = new PacketWriter(1).begin().lenenc(1).end();
    new EofPacket(0, 2).encode(ColumnDefinition.text("c", 100).encode(out));
    // The frame after the split begins with what would be an EOF or an ERR by itself.
    byte[] row = new byte[0xffffff + 6];
    row[0] = (byte) 0xfe;
    row[0xffffff] = (byte) 0xfe;
    out.begin().bytes(row).end();
    Buffer wire = new EofPacket(0, 2).encode(out).toBuffer();
    Relayed relayed = new Relayed(ReplyShape.RESULTS);
    feedInPieces(relayed.scanner, wire, 65_521);
    assertEquals(1, relayed.summary().rows());
    assertEquals(wire, relayed.out);
    Collected collected = new Collected(ReplyShape.RESULTS);
    feedInPieces(collected.scanner(), wire, 65_521);
    Reply.Rows rows = (Reply.Rows) ((Reply.Results) collected.reply()).parts().get(0);
    assertEquals(Bytes.owning(row), rows.packets().get(3));
  }

  @Test
  void a_reply_past_its_bound_is_read_to_its_end_and_then_refused() {
    Buffer wire = several();
    Collected collected = new Collected(ReplyShape.RESULTS, 500);
    collected.scanner().feed(wire.getBuffer(0, wire.length() - 1));
    assertFalse(collected.done());
    collected.scanner().feed(wire.getBuffer(wire.length() - 1, wire.length()));
    assertInstanceOf(ReplyTooLargeException.class, collected.failure());
  }

  @Test
  void a_preparation_ends_after_the_definitions_that_it_announces() {
    for (int columns = 0; columns < 3; columns++) {
      for (int parameters = 0; parameters < 3; parameters++) {
        PacketWriter out = new PrepareOk(1, columns, parameters, 0).encode(new PacketWriter(1));
        for (int count : new int[] {parameters, columns}) {
          for (int i = 0; i < count; i++) {
            ColumnDefinition.text("c", 100).encode(out);
          }
          if (count > 0) {
            new EofPacket(0, 2).encode(out);
          }
        }
        Buffer wire = out.toBuffer();
        Relayed relayed = new Relayed(ReplyShape.PREPARE);
        feedInPieces(relayed.scanner, wire, 3);
        assertEquals(wire, relayed.out);
        assertEquals(parameters, relayed.summary().prepared().orElseThrow().parameters());
      }
    }
  }

  @Test
  void with_a_cursor_the_reply_ends_before_the_rows() {
    PacketWriter out = new PacketWriter(1).begin().lenenc(1).end();
    ColumnDefinition.text("c", 100).encode(out);
    Buffer wire = new EofPacket(0, 2 | ServerStatus.CURSOR_EXISTS).encode(out).toBuffer();
    Relayed relayed = new Relayed(ReplyShape.RESULTS);
    relayed.scanner.feed(wire);
    assertEquals(66, relayed.summary().status());
  }

  @Test
  void the_cursor_of_a_procedure_does_not_end_its_reply() {
    int open = 2 | ServerStatus.CURSOR_EXISTS | ServerStatus.MORE_RESULTS;
    PacketWriter out = new PacketWriter(1).begin().lenenc(1).end();
    ColumnDefinition.text("c", 100).encode(out);
    new EofPacket(0, open).encode(out).packet(Buffer.buffer("\u00011"));
    new EofPacket(0, open).encode(out);
    Buffer wire = OkPacket.of(2).encode(out, 0).toBuffer();
    Relayed relayed = new Relayed(ReplyShape.RESULTS);
    feedInPieces(relayed.scanner, wire, 3);
    assertEquals(1, relayed.summary().rows());
    assertEquals(1, relayed.summary().resultSets());
  }

  @Test
  void a_single_line_is_a_whole_reply() {
    Buffer wire = new PacketWriter(1).packet(Buffer.buffer("Uptime: 1")).toBuffer();
    Relayed relayed = new Relayed(ReplyShape.SINGLE);
    feedInPieces(relayed.scanner, wire, 2);
    assertEquals(wire, relayed.out);
    assertEquals(ReplySummary.Start.BARE, relayed.summary().start());
  }

  @Test
  void a_sequence_id_that_does_not_follow_breaks_the_connection() {
    Relayed relayed = new Relayed(ReplyShape.RESULTS);
    assertThrows(
        ProtocolException.class,
        () -> relayed.scanner.feed(OkPacket.of(2).encode(new PacketWriter(2), 0).toBuffer()));
  }

  @Test
  void a_wish_for_a_local_file_breaks_the_connection() {
    Relayed relayed = new Relayed(ReplyShape.RESULTS);
    assertThrows(ProtocolException.class, () -> relayed.scanner.feed(Hex.buffer("02000001 fb61")));
  }

  @Test
  void random_bytes_never_end_in_anything_but_a_protocol_error() {
    for (int seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      ReplyShape shape = SHAPES.get(seed % SHAPES.size());
      Relayed relayed = new Relayed(shape);
      Collected collected = new Collected(shape);
      byte[] noise = new byte[5 + random.nextInt(60)];
      random.nextBytes(noise);
      noise[0] = (byte) random.nextInt(12);
      noise[1] = 0;
      noise[2] = 0;
      noise[3] = 1;
      int relayCode = code(() -> relayed.scanner.feed(Buffer.buffer(noise)));
      int collectCode = code(() -> collected.scanner().feed(Buffer.buffer(noise)));
      assertTrue(TYPED.contains(relayCode) && TYPED.contains(collectCode), "seed " + seed);
    }
  }

  /** The code of the refusal, 0 for none. */
  private static int code(Runnable feeding) {
    try {
      feeding.run();
      return 0;
    } catch (ProtocolException e) {
      return e.error().code();
    }
  }

  @Test
  void replies_to_pipelined_commands_are_matched_in_order() {
    ArrayDeque<Exchange> waiting = new ArrayDeque<>();
    List<Promise<Reply>> promises =
        List.of(Promise.promise(), Promise.promise(), Promise.promise());
    for (Promise<Reply> promise : promises) {
      waiting.add(new CollectExchange(1, 1, ReplyShape.RESULTS, 0, 1000, promise));
    }
    FrameScanner scanner = new FrameScanner(waiting, Exchange::finish, ReplyStreamTest::tooMuch);
    Buffer wire = OkPacket.of(1, 0, 2, 0, "").encode(new PacketWriter(1), 0).toBuffer();
    wire.appendBuffer(ErrPacket.encode(new PacketWriter(1), ERROR).toBuffer());
    wire.appendBuffer(OkPacket.of(3, 0, 2, 0, "").encode(new PacketWriter(1), 0).toBuffer());
    feedInPieces(scanner, wire, 9);
    assertEquals(1, ((Reply.Ok) promises.get(0).future().result()).affected());
    assertEquals(Optional.of(ERROR), promises.get(1).future().result().failure());
    assertEquals(3, ((Reply.Ok) promises.get(2).future().result()).affected());
  }
}
