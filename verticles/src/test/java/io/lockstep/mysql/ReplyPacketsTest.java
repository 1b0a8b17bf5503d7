package io.lockstep.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReplyPacketsTest {
  private static final int TRACK = Capabilities.SESSION_TRACK;

  @Test
  void an_ok_looks_as_documented() {
    OkPacket ok = OkPacket.of(3, 300, ServerStatus.AUTOCOMMIT, 1, "hi");
    assertEquals(
        "0c000001 00 03 fc2c01 0200 0100 026869".replace(" ", ""),
        Hex.of(ok.encode(new PacketWriter(1), 0).toBuffer()));
    assertEquals(
        "0700000100000002000000", Hex.of(OkPacket.of(2).encode(new PacketWriter(1), 0).toBuffer()));
  }

  @Test
  void an_ok_reads_as_it_was_written() {
    OkPacket ok = OkPacket.of(-1, Long.MIN_VALUE, 2, 65535, "Rows matched: 1");
    assertEquals(ok, OkPacket.decode(Hex.payload(ok.encode(new PacketWriter(1), 0)), 0));
    OkPacket tracked =
        new OkPacket(0, 0, 2 | ServerStatus.SESSION_STATE_CHANGED, 0, "", Hex.bytes("010401 61"));
    assertEquals(
        tracked, OkPacket.decode(Hex.payload(tracked.encode(new PacketWriter(1), TRACK)), TRACK));
  }

  @Test
  void session_state_is_not_sent_to_who_did_not_ask() {
    OkPacket tracked =
        new OkPacket(0, 0, 2 | ServerStatus.SESSION_STATE_CHANGED, 0, "", Hex.bytes("0104"));
    Buffer plain = Hex.payload(tracked.encode(new PacketWriter(1), 0));
    assertEquals(tracked.withoutSessionState(), OkPacket.decode(plain, 0));
    assertEquals("00000002000000", Hex.of(plain));
  }

  @Test
  void an_error_looks_as_documented_and_reads_back() {
    MySqlError error = new MySqlError(1062, "23000", "Duplicate entry");
    Buffer payload = Hex.payload(ErrPacket.encode(new PacketWriter(1), error));
    assertEquals("ff26042332333030304475706c696361746520656e747279", Hex.of(payload));
    assertEquals(error, ErrPacket.decode(payload));
  }

  @Test
  void an_error_from_before_the_handshake_has_no_state() {
    Buffer payload = Hex.buffer("ff1004").appendString("Too many connections");
    assertEquals(new MySqlError(1040, "HY000", "Too many connections"), ErrPacket.decode(payload));
  }

  @Test
  void an_eof_reads_as_it_was_written() {
    Buffer payload = Hex.payload(new EofPacket(7, 34).encode(new PacketWriter(1)));
    assertEquals("fe07002200", Hex.of(payload));
    assertEquals(new EofPacket(7, 34), EofPacket.decode(payload));
  }

  @Test
  void a_prepared_statement_reads_as_it_was_written() {
    PrepareOk header = new PrepareOk(0xffff_fff0L, 3, 2, 1);
    assertEquals(header, PrepareOk.decode(Hex.payload(header.encode(new PacketWriter(1)))));
  }

  @Test
  void a_result_set_of_ours_is_read_by_our_own_client() {
    ResultSet set =
        new ResultSet(
            List.of(ColumnDefinition.count("id"), ColumnDefinition.text("name", 100)),
            List.of(
                List.of(Optional.of(Bytes.utf8("-7")), Optional.of(Bytes.utf8("Ann"))),
                List.of(Optional.empty(), Optional.empty())));
    Collected collected = new Collected(ReplyShape.RESULTS);
    collected.scanner().feed(set.text(1, 2, 5));
    Reply.Results results = (Reply.Results) collected.reply();
    Reply.Rows rows = (Reply.Rows) results.parts().get(0);
    assertEquals(5, rows.warnings());
    assertEquals(new TextRows(List.of("id", "name"), set.rows()), TextRows.of(rows));
  }

  @Test
  void a_binary_row_has_its_nulls_in_the_bitmap_and_its_integers_in_eight_bytes() {
    ResultSet set =
        new ResultSet(
            List.of(ColumnDefinition.count("id"), ColumnDefinition.text("name", 100)),
            List.of(List.of(Optional.of(Bytes.utf8("-2")), Optional.empty())));
    Buffer framed = set.text(1, 2, 0);
    PacketWriter binary = new PacketWriter(1);
    BinaryRows rows = new BinaryRows();
    PacketReader reader =
        new PacketReader(1 << 20, 1, (payload, next) -> binary.packet(rows.instead(payload)));
    reader.replyPhase();
    reader.feed(framed);
    String wire = Hex.of(binary.toBuffer());
    assertTrue(wire.contains("0a000005" + "00" + "08" + "feffffffffffffff"), wire);
    assertTrue(wire.endsWith("05000006fe00000200"), wire);
  }

  @Test
  void moments_are_as_short_as_the_server_sends_them() {
    assertEquals("00", moment("0000-00-00 00:00:00"));
    assertEquals("04e807021d", moment("2024-02-29"));
    assertEquals("04e807021d", moment("2024-02-29 00:00:00.000"));
    assertEquals("07e807021d000001", moment("2024-02-29 00:00:01"));
    assertEquals("0be807021d00000020a10700", moment("2024-02-29 00:00:00.5"));
    assertEquals("00", duration("00:00:00.00"));
    assertEquals("08012200000016263b", duration("-838:38:59"));
    assertEquals("0c00000000000000000a000000", duration("00:00:00.00001"));
  }

  private static String moment(String text) {
    PacketWriter out = new PacketWriter(0);
    TemporalText.date(out, text);
    return Hex.of(out.toBuffer());
  }

  private static String duration(String text) {
    PacketWriter out = new PacketWriter(0);
    TemporalText.time(out, text);
    return Hex.of(out.toBuffer());
  }

  @Test
  void columns_read_as_they_were_written() {
    ColumnDefinition column =
        new ColumnDefinition(
            "s", "t", "ot", "n", "on", 224, 0xffff_ffffL, 0xfc, 0x90, 31, Optional.empty());
    assertEquals(column, ColumnDefinition.decode(Hex.payload(column.encode(new PacketWriter(1)))));
  }

  /** A column of JSON as MariaDB 10.11 described it. */
  private static final String JSON_COLUMN =
      "03646566 0164 0174 0174 016a 016a 06 01046a736f6e 0c 2d00 ffffffff fc 9000 00 0000"
          .replace(" ", "");

  @Test
  void a_column_may_have_more_to_tell_of_its_type() {
    ColumnDefinition json = ColumnDefinition.decode(Hex.buffer(JSON_COLUMN));
    assertEquals(Optional.of(Bytes.ofLatin1("\1\4json")), json.extended());
    assertEquals(45, json.collation());
    assertEquals(JSON_COLUMN, Hex.of(Hex.payload(json.encode(new PacketWriter(1)))));
  }

  @Test
  void columns_are_told_in_the_form_that_was_agreed_on() {
    String plain = JSON_COLUMN.replace("06" + "01046a736f6e", "");
    String unknown = JSON_COLUMN.replace("06" + "01046a736f6e", "00");
    assertEquals(List.of(JSON_COLUMN), definitions(JSON_COLUMN, true));
    assertEquals(List.of(plain), definitions(JSON_COLUMN, false));
    assertEquals(List.of(plain), definitions(plain, false));
    assertEquals(List.of(unknown), definitions(plain, true));
    assertEquals(List.of(plain), definitions(unknown, false));
  }

  /** Those of an answer that begins with another result; nothing else in it changes. */
  private static List<String> definitions(String column, boolean extended) {
    String row = "27" + "61".repeat(39);
    List<Bytes> answer =
        List.of(
            Hex.bytes("01"),
            Hex.bytes(column),
            Hex.bytes("fe00000a00"),
            Hex.bytes(row),
            Hex.bytes("fe00000a00"),
            Hex.bytes("01"),
            Hex.bytes(column),
            Hex.bytes("fe00000200"),
            Hex.bytes("fe00000200"));
    List<Bytes> agreed = AgreedDefinitions.of(answer, extended);
    assertEquals(agreed.get(1), agreed.get(6));
    for (int at : List.of(0, 2, 3, 4, 5, 7, 8)) {
      assertEquals(answer.get(at), agreed.get(at));
    }
    return List.of(Hex.of(Buffer.buffer(agreed.get(1).view())));
  }

  @Test
  void random_packets_are_read_or_refused_as_malformed() {
    for (int seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      byte[] noise = new byte[random.nextInt(40)];
      random.nextBytes(noise);
      if (noise.length > 0) {
        noise[0] = (byte) List.of(0, 0xff, 0xfe, 3).get(seed % 4).intValue();
      }
      Buffer packet = Buffer.buffer(noise);
      for (Runnable reader :
          List.<Runnable>of(
              () -> OkPacket.decode(packet, TRACK),
              () -> ErrPacket.decode(packet),
              () -> EofPacket.decode(packet),
              () -> PrepareOk.decode(packet),
              () -> ColumnDefinition.decode(packet))) {
        try {
          reader.run();
        } catch (ProtocolException e) {
          assertEquals(1835, e.error().code());
        }
      }
    }
    assertThrows(ProtocolException.class, () -> OkPacket.decode(Buffer.buffer(), 0));
  }
}
