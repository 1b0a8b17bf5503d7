package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.Capabilities;
import io.lockstep.mysql.HandshakeResponse;
import io.lockstep.mysql.NativePassword;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProofTest {
  private static final Bytes SALT = Bytes.utf8("abcdefghijklmnopqrst");
  private static final Bytes STAGE1 = NativePassword.stage1("secret");
  private static final Bytes STAGE2 = NativePassword.stage2(STAGE1);

  private static Optional<Proof> proof(String plugin, Bytes answer, boolean secured) {
    return Proof.of(
        new HandshakeResponse(
            Capabilities.PLUGIN_AUTH, 0, 45, "anna", answer, Optional.empty(), plugin, Map.of()),
        SALT,
        secured);
  }

  @Test
  void of_the_native_plugin_is_its_answer() {
    Proof right = proof("mysql_native_password", answer("secret"), false).orElseThrow();
    assertEquals(Optional.of(STAGE1), right.stage1(STAGE2));
    Proof wrong = proof("mysql_native_password", answer("Secret"), false).orElseThrow();
    assertEquals(Optional.empty(), wrong.stage1(STAGE2));
    assertTrue(wrong.given());
  }

  @Test
  void of_no_password_is_right_for_an_account_without_one() {
    Proof none = proof("", Bytes.EMPTY, false).orElseThrow();
    assertEquals(Optional.of(Bytes.EMPTY), none.stage1(Bytes.EMPTY));
    assertEquals(Optional.empty(), none.stage1(STAGE2));
    assertFalse(none.given());
    Proof some = proof("", answer("secret"), false).orElseThrow();
    assertEquals(Optional.empty(), some.stage1(Bytes.EMPTY));
  }

  @Test
  void by_the_password_itself_counts_where_it_cannot_be_overheard() {
    Proof clear = proof("mysql_clear_password", Bytes.utf8("secret\0"), true).orElseThrow();
    assertEquals(Optional.of(STAGE1), clear.stage1(STAGE2));
    assertEquals(Optional.empty(), clear.stage1(Bytes.EMPTY));
    assertEquals(Optional.empty(), clear.stage1(NativePassword.stage2(STAGE2)));
    assertFalse(clear.toString().contains("secret"));
    assertEquals(Optional.empty(), proof("mysql_clear_password", Bytes.utf8("secret\0"), false));
  }

  @Test
  void by_an_empty_password_in_clear_is_none() {
    Proof empty = proof("mysql_clear_password", Bytes.utf8("\0"), true).orElseThrow();
    assertEquals(Optional.of(Bytes.EMPTY), empty.stage1(Bytes.EMPTY));
    assertEquals(Optional.empty(), empty.stage1(STAGE2));
  }

  @Test
  void of_a_plugin_that_is_not_done_here_is_asked_for_again() {
    assertEquals(Optional.empty(), proof("caching_sha2_password", answer("secret"), true));
  }

  private static Bytes answer(String password) {
    return NativePassword.answer(password, SALT);
  }
}
