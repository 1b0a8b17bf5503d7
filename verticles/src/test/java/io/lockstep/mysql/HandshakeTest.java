package io.lockstep.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HandshakeTest {
  /** As a MariaDB 10.11 server sent it. */
  private static final String GREETING =
      "0a352e352e352d31302e31312e31392d4d6172696144422d302b6465623132753100150000002122242f5f70"
          + "355800fef7080200ff81150000000000001d0000003b5c406767503b7356354333006d7973716c5f6e61"
          + "746976655f70617373776f726400";

  private static final HandshakeResponse RESPONSE =
      new HandshakeResponse(
          Capabilities.OFFERED & ~Capabilities.PLUGIN_AUTH_LENENC_DATA,
          1 << 24,
          Collations.UTF8MB4_GENERAL_CI,
          "anna",
          Bytes.utf8("01234567890123456789"),
          Optional.of("shop"),
          NativePassword.PLUGIN,
          Map.of("program_name", "test", "_pid", "7"));

  @Test
  void a_real_greeting_is_understood() {
    InitialHandshake greeting = InitialHandshake.decode(Hex.buffer(GREETING));
    assertEquals("5.5.5-10.11.19-MariaDB-0+deb12u1", greeting.serverVersion());
    assertEquals(21, greeting.connectionId());
    assertEquals("!\"$/_p5X;\\@ggP;sV5C3", greeting.salt().latin1());
    assertEquals(Collations.LATIN1_SWEDISH_CI, greeting.collation());
    assertEquals(NativePassword.PLUGIN, greeting.plugin());
    assertTrue(Capabilities.has(greeting.capabilities(), Capabilities.SESSION_TRACK));
    assertFalse(Capabilities.has(greeting.capabilities(), Capabilities.LONG_PASSWORD));
    assertTrue(Capabilities.has(greeting.capabilities(), Capabilities.EXTENDED_METADATA));
  }

  @Test
  void our_greeting_reads_as_it_was_written_and_offers_nothing_we_cannot_do() {
    InitialHandshake greeting =
        new InitialHandshake(
            "5.5.5-10.11-Lockstep",
            0xffff_fffeL,
            Bytes.utf8("abcdefghijklmnopqrst"),
            Capabilities.OFFERED | Capabilities.OFFERED_EXTENDED,
            Collations.UTF8MB4_GENERAL_CI,
            ServerStatus.AUTOCOMMIT,
            NativePassword.PLUGIN);
    assertEquals(
        greeting, InitialHandshake.decode(Hex.payload(greeting.encode(new PacketWriter(0)))));
    int refused = Capabilities.SSL | Capabilities.DEPRECATE_EOF;
    assertEquals(0, Capabilities.OFFERED & refused);
  }

  @Test
  void a_response_reads_as_it_was_written() {
    Buffer payload = Hex.payload(RESPONSE.encode(new PacketWriter(1)));
    assertEquals(RESPONSE, HandshakeResponse.decode(payload));
    HandshakeResponse bare =
        new HandshakeResponse(
            Capabilities.PROTOCOL_41 | Capabilities.SECURE_CONNECTION,
            0,
            8,
            "",
            Bytes.EMPTY,
            Optional.empty(),
            "",
            Map.of());
    assertEquals(bare, HandshakeResponse.decode(Hex.payload(bare.encode(new PacketWriter(1)))));
  }

  @Test
  void mariadbs_own_flags_are_those_of_who_does_not_say_that_it_is_mysql() {
    long flags =
        Capabilities.PROTOCOL_41
            | Capabilities.SECURE_CONNECTION
            | Capabilities.STMT_BULK
            | Capabilities.EXTENDED_METADATA;
    HandshakeResponse own = withFlags(flags);
    Buffer payload = Hex.payload(own.encode(new PacketWriter(1)));
    assertEquals("0c000000", Hex.of(payload.slice(28, 32)));
    assertEquals(own, HandshakeResponse.decode(payload));
    HandshakeResponse mysql = withFlags(flags | Capabilities.LONG_PASSWORD);
    Buffer without = Hex.payload(mysql.encode(new PacketWriter(1)));
    assertEquals("00000000", Hex.of(without.slice(28, 32)));
    Buffer noise = Hex.payload(mysql.encode(new PacketWriter(1))).setIntLE(28, 0xffff);
    assertEquals(0, HandshakeResponse.decode(noise).capabilities() >>> 32);
    Buffer request = HandshakeResponse.tlsRequest(flags | Capabilities.SSL, 1 << 24, 1);
    assertEquals("0c000000", Hex.of(request.slice(4 + 28, 4 + 32)));
  }

  private static HandshakeResponse withFlags(long flags) {
    return new HandshakeResponse(flags, 0, 8, "", Bytes.EMPTY, Optional.empty(), "", Map.of());
  }

  @Test
  void a_response_cut_anywhere_is_read_or_refused_as_malformed() {
    Buffer whole = Hex.payload(RESPONSE.encode(new PacketWriter(1)));
    for (int length = 0; length < whole.length(); length++) {
      Buffer cut = whole.slice(0, length);
      try {
        HandshakeResponse.decode(cut);
      } catch (ProtocolException e) {
        assertTrue(e.error().code() == 1835 || e.error().code() == 1043);
      }
    }
  }

  @Test
  void random_bytes_are_read_or_refused_as_malformed() {
    for (int seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      byte[] noise = new byte[random.nextInt(120)];
      random.nextBytes(noise);
      decodeAll(Buffer.buffer(noise));
    }
  }

  private static void decodeAll(Buffer noise) {
    Runnable[] readers = {
      () -> HandshakeResponse.decode(noise),
      () -> InitialHandshake.decode(noise),
      () -> AuthSwitch.decode(noise),
      () -> HandshakeResponse.asksForTls(noise)
    };
    for (Runnable reader : readers) {
      try {
        reader.run();
      } catch (ProtocolException e) {
        assertTrue(e.error().code() == 1835 || e.error().code() == 1043);
      }
    }
  }

  @Test
  void a_client_from_before_4_1_is_a_bad_handshake() {
    ProtocolException refused =
        assertThrows(
            ProtocolException.class,
            () -> HandshakeResponse.decode(Hex.buffer("0500 000000 0000")));
    assertEquals(1043, refused.error().code());
  }

  @Test
  void a_wish_for_tls_is_told_from_a_response() {
    Buffer request =
        Buffer.buffer()
            .appendIntLE(Capabilities.PROTOCOL_41 | Capabilities.SSL)
            .appendIntLE(1 << 24)
            .appendByte((byte) 45)
            .appendBytes(new byte[23]);
    assertTrue(HandshakeResponse.asksForTls(request));
    assertFalse(HandshakeResponse.asksForTls(Hex.payload(RESPONSE.encode(new PacketWriter(1)))));
    assertFalse(HandshakeResponse.asksForTls(Buffer.buffer()));
  }

  @Test
  void an_auth_switch_reads_as_it_was_written() {
    AuthSwitch request = new AuthSwitch(NativePassword.PLUGIN, Bytes.utf8("abcdefghijklmnopqrst"));
    Buffer payload = Hex.payload(request.encode(new PacketWriter(2)));
    assertEquals(request, AuthSwitch.decode(payload));
    assertThrows(ProtocolException.class, () -> AuthSwitch.decode(Hex.buffer("fe")));
  }

  @Test
  void the_usual_collations_have_their_charset() {
    assertEquals(Optional.of("utf8mb4"), Collations.charset(45));
    assertEquals(Optional.of("utf8mb4"), Collations.charset(224));
    assertEquals(Optional.of("utf8mb3"), Collations.charset(33));
    assertEquals(Optional.of("latin1"), Collations.charset(8));
    assertEquals(Optional.of("binary"), Collations.charset(63));
    assertEquals(Optional.empty(), Collations.charset(0));
    assertEquals(Optional.empty(), Collations.charset(255));
  }
}
