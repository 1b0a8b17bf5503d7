package io.lockstep.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.lockstep.model.Bytes;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NativePasswordTest {
  /** What a server answers to SELECT PASSWORD('password'). */
  private static final String STORED = "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19";

  private final SecureRandom random = new SecureRandom();

  @Test
  void the_stored_form_is_the_hash_of_the_hash() {
    assertEquals(
        Optional.of(NativePassword.stage2(NativePassword.stage1("password"))),
        NativePassword.stage2OfStored(STORED));
  }

  @Test
  void a_stored_form_of_another_plugin_is_not_understood() {
    assertEquals(Optional.empty(), NativePassword.stage2OfStored(""));
    assertEquals(Optional.empty(), NativePassword.stage2OfStored("invalid"));
    assertEquals(Optional.empty(), NativePassword.stage2OfStored(STORED + "0"));
  }

  @Test
  void a_right_answer_gives_away_what_logs_in_elsewhere() {
    Bytes salt = NativePassword.freshSalt(random);
    Bytes stage1 = NativePassword.stage1("secret");
    Bytes answer = NativePassword.answer("secret", salt);
    assertEquals(
        Optional.of(stage1), NativePassword.verify(answer, salt, NativePassword.stage2(stage1)));
    Bytes other = NativePassword.freshSalt(random);
    assertEquals(
        NativePassword.answer("secret", other), new BackendCredential.Stage1(stage1).answer(other));
  }

  @Test
  void a_scramble_of_a_wrong_password_is_refused() {
    Bytes salt = NativePassword.freshSalt(random);
    Bytes stage2 = NativePassword.stage2(NativePassword.stage1("secret"));
    Bytes wrong = NativePassword.answer("Secret", salt);
    assertEquals(Optional.empty(), NativePassword.verify(wrong, salt, stage2));
  }

  @Test
  void an_answer_to_another_salt_is_refused() {
    Bytes salt = NativePassword.freshSalt(random);
    Bytes other = NativePassword.freshSalt(random);
    Bytes stage2 = NativePassword.stage2(NativePassword.stage1("secret"));
    Bytes answer = NativePassword.answer("secret", other);
    assertEquals(Optional.empty(), NativePassword.verify(answer, salt, stage2));
  }

  @Test
  void an_empty_answer_never_verifies() {
    Bytes salt = NativePassword.freshSalt(random);
    Bytes stage2 = NativePassword.stage2(NativePassword.stage1("secret"));
    assertEquals(Optional.empty(), NativePassword.verify(Bytes.EMPTY, salt, stage2));
    assertEquals(Bytes.EMPTY, NativePassword.answer("", salt));
  }

  @Test
  void salts_are_fresh_and_hold_no_zero_byte() {
    Bytes salt = NativePassword.freshSalt(random);
    assertEquals(20, salt.length());
    assertEquals(-1, salt.latin1().indexOf(0));
    assertNotEquals(salt, NativePassword.freshSalt(random));
  }
}
