package io.lockstep.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProxyPreambleTest {
  private static final String SIGNATURE = "0d0a0d0a 000d0a51 5549540a";
  private static final String PACKET = "200000018582";

  private static ProxyPreamble.Header header(int bytes, String address, int port) {
    return new ProxyPreamble.Header(bytes, Optional.of(new ProxyPreamble.Source(address, port)));
  }

  private static Buffer text(String line) {
    return Buffer.buffer(line);
  }

  @Test
  void our_own_header_is_understood() {
    Buffer ours = new ProxyHeader("10.9.8.7", 4711, "10.0.0.1", 3306).encode();
    assertEquals(header(ours.length(), "10.9.8.7", 4711), ProxyPreamble.look(ours));
  }

  @Test
  void version_one_names_the_client_before_the_first_packet() {
    Buffer line = text("PROXY TCP6 2001:DB8:0:0::7 ::1 4711 3306\r\n");
    Buffer all = Buffer.buffer().appendBuffer(line).appendBuffer(Hex.buffer(PACKET));
    assertEquals(header(line.length(), "2001:db8::7", 4711), ProxyPreamble.look(all));
  }

  @Test
  void version_two_names_the_client_and_its_further_values_are_skipped() {
    Buffer four =
        Hex.buffer(SIGNATURE + "21 11 0011 0a090807 0a000001 1267 0cea" + "0400 02 6869" + PACKET);
    assertEquals(header(16 + 17, "10.9.8.7", 4711), ProxyPreamble.look(four));
    Buffer six =
        Hex.buffer(
            SIGNATURE
                + "21 21 0024 20010db8000000000000000000000007"
                + "00000000000000000000000000000001 1267 0cea");
    assertEquals(header(16 + 36, "2001:db8::7", 4711), ProxyPreamble.look(six));
  }

  @Test
  void a_proxy_that_speaks_for_itself_names_nobody() {
    Buffer local = Hex.buffer(SIGNATURE + "20 00 0000");
    assertEquals(new ProxyPreamble.Header(16, Optional.empty()), ProxyPreamble.look(local));
    Buffer unknown = text("PROXY UNKNOWN whatever\r\n");
    assertEquals(
        new ProxyPreamble.Header(unknown.length(), Optional.empty()), ProxyPreamble.look(unknown));
  }

  @Test
  void a_packet_is_not_taken_for_a_header() {
    assertEquals(new ProxyPreamble.None(), ProxyPreamble.look(Hex.buffer(PACKET)));
  }

  @Test
  void a_header_that_has_not_come_whole_is_waited_for() {
    for (Buffer whole :
        new Buffer[] {
          text("PROXY TCP4 10.9.8.7 10.0.0.1 4711 3306\r\n"),
          Hex.buffer(SIGNATURE + "21 11 000c 0a090807 0a000001 1267 0cea")
        }) {
      for (int length = 1; length < whole.length(); length++) {
        assertEquals(new ProxyPreamble.Partial(), ProxyPreamble.look(whole.slice(0, length)));
      }
      assertInstanceOf(ProxyPreamble.Header.class, ProxyPreamble.look(whole));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY TCP4 10.9.8.7 10.0.0.1 4711\r\n",
        "PROXY TCP4 10.9.8.777 10.0.0.1 4711 3306\r\n",
        "PROXY TCP4 localhost 10.0.0.1 4711 3306\r\n",
        "PROXY TCP4 10.9.8.7 10.0.0.1 70000 3306\r\n",
        "PROXY UDP4 10.9.8.7 10.0.0.1 4711 3306\r\n",
        "PROXY \r\n",
      })
  void nonsense_is_a_bad_handshake(String line) {
    Buffer nonsense = text(line);
    ProtocolException refused =
        assertThrows(ProtocolException.class, () -> ProxyPreamble.look(nonsense));
    assertEquals(1043, refused.error().code());
  }

  @Test
  void a_line_without_an_end_is_not_waited_for_for_ever() {
    Buffer endless = text("PROXY TCP4 " + "1".repeat(200));
    assertThrows(ProtocolException.class, () -> ProxyPreamble.look(endless));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "31 11 000c 0a090807 0a000001 1267 0cea",
        "22 11 000c 0a090807 0a000001 1267 0cea",
        "21 11 0008 0a090807 0a000001",
        "21 11 ffff",
      })
  void nonsense_of_version_two_is_a_bad_handshake(String rest) {
    Buffer nonsense = Hex.buffer(SIGNATURE + rest);
    assertThrows(ProtocolException.class, () -> ProxyPreamble.look(nonsense));
  }

  @Test
  void random_bytes_behind_a_beginning_are_read_or_refused() {
    for (int seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      byte[] noise = new byte[random.nextInt(60)];
      random.nextBytes(noise);
      Buffer begun = seed % 2 == 0 ? text("PROXY ") : Hex.buffer(SIGNATURE);
      try {
        ProxyPreamble.look(begun.appendBytes(noise));
      } catch (ProtocolException e) {
        assertEquals(1043, e.error().code());
      }
    }
  }
}
