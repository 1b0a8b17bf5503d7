package io.lockstep.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CommandTest {
  private static Command decode(String hex) {
    return Command.decode(Hex.buffer(hex), Capabilities.OFFERED, 45);
  }

  @Test
  void every_command_is_known_by_its_code() {
    assertEquals(new Command.Quit(), decode("01"));
    assertEquals(new Command.InitDb(Bytes.utf8("ab")), decode("02 6162"));
    assertEquals(new Command.Query(Hex.bytes("ff00fe")), decode("03 ff00fe"));
    assertEquals(new Command.FieldList(Bytes.utf8("t"), Bytes.utf8("%")), decode("04 7400 25"));
    assertEquals(new Command.Statistics(), decode("09"));
    assertEquals(new Command.Refresh(0x84), decode("07 84"));
    assertEquals(new Command.Query(Bytes.utf8("SHOW PROCESSLIST")), decode("0a"));
    assertEquals(new Command.ProcessKill(0xffff_ffffL), decode("0c ffffffff"));
    assertEquals(new Command.Debug(), decode("0d"));
    assertEquals(new Command.Ping(), decode("0e"));
    assertEquals(new Command.Prepare(Bytes.utf8("s")), decode("16 73"));
    assertEquals(
        new Command.Execute(1, 2, Hex.buffer("00ff")), decode("17 01000000 02 01000000 00ff"));
    assertEquals(new Command.LongData(7, 3, Hex.bytes("aabb")), decode("18 07000000 0300 aabb"));
    assertEquals(new Command.CloseStatement(9), decode("19 09000000"));
    assertEquals(new Command.ResetStatement(9), decode("1a 09000000"));
    assertEquals(new Command.SetOption(1), decode("1b 0100"));
    assertEquals(new Command.Fetch(9, 100), decode("1c 09000000 64000000"));
    assertEquals(new Command.ResetConnection(), decode("1f"));
    assertEquals(new Command.Unknown(0x55), decode("55 0102"));
  }

  @Test
  void a_change_of_the_user_reads_as_our_client_writes_it() {
    ChangeUser change =
        new ChangeUser(
            "anna",
            Bytes.utf8("01234567890123456789"),
            Optional.of("shop"),
            300,
            NativePassword.PLUGIN,
            Map.of("a", "b"));
    Buffer payload = change.encode(Capabilities.OFFERED);
    assertEquals(new Command.Change(change), Command.decode(payload, Capabilities.OFFERED, 45));
  }

  @Test
  void a_change_of_the_user_may_leave_out_all_that_is_optional() {
    ChangeUser change = new ChangeUser("a", Bytes.EMPTY, Optional.empty(), 45, "", Map.of());
    assertEquals(new Command.Change(change), decode("11 6100 00 00"));
  }

  @Test
  void a_command_that_is_too_short_is_malformed() {
    for (String cut : new String[] {"", "0c 01", "11 61", "17 010000", "18 01", "19 00", "1c 00"}) {
      ProtocolException refused = assertThrows(ProtocolException.class, () -> decode(cut), cut);
      assertEquals(1835, refused.error().code());
    }
  }

  @Test
  void random_commands_are_read_or_refused_as_malformed() {
    for (int seed = 0; seed < 10_000; seed++) {
      Random random = new Random(seed);
      byte[] noise = new byte[1 + random.nextInt(60)];
      random.nextBytes(noise);
      noise[0] = (byte) (seed % 0x22);
      try {
        Command command = Command.decode(Buffer.buffer(noise), Capabilities.OFFERED, 45);
        if (command instanceof Command.Execute execute) {
          new ParameterDecoder(1 + seed % 9, 100).decode(execute.parameters());
        }
      } catch (ProtocolException e) {
        assertEquals(1835, e.error().code());
      }
    }
  }
}
