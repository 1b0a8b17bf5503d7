package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.lockstep.model.Require;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The arithmetic of {@code mysql_native_password} (MariaDB: Connection, Native Password
 * Authentication). With {@code stage1 = SHA1(password)} and {@code stage2 = SHA1(stage1)}, a server
 * stores stage2, a client answers {@code stage1 XOR SHA1(salt + stage2)}; who knows stage2 recovers
 * stage1 from a right answer and can log in elsewhere with it.
 */
public final class NativePassword {
  public static final String PLUGIN = "mysql_native_password";
  public static final int SALT_BYTES = 20;
  public static final int HASH_BYTES = 20;

  private static final Pattern STORED = Pattern.compile("\\*[0-9A-Fa-f]{40}");

  private NativePassword() {}

  /** Twenty bytes without a zero byte, which would end the salt early for some clients. */
  public static Bytes freshSalt(SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    for (int i = 0; i < salt.length; i++) {
      salt[i] = (byte) (1 + random.nextInt(127));
    }
    return Bytes.owning(salt);
  }

  public static Bytes stage1(String password) {
    return sha1(password.getBytes(StandardCharsets.UTF_8));
  }

  /** The same for a password in a client's own bytes. */
  public static Bytes stage1(Bytes password) {
    return sha1(password.view());
  }

  public static Bytes stage2(Bytes stage1) {
    return sha1(stage1.view());
  }

  /** The answer of a client that knows stage1. */
  public static Bytes answer(Bytes stage1, Bytes salt) {
    return xor(stage1, sha1(salt.view(), stage2(stage1).view()));
  }

  /** The answer of a client that knows the password; empty for an empty password. */
  public static Bytes answer(String password, Bytes salt) {
    return password.isEmpty() ? Bytes.EMPTY : answer(stage1(password), salt);
  }

  /** The stage1 behind a right answer; nothing if the answer is wrong. */
  public static Optional<Bytes> verify(Bytes answer, Bytes salt, Bytes stage2) {
    if (answer.length() != HASH_BYTES || stage2.length() != HASH_BYTES) {
      return Optional.empty();
    }
    Bytes stage1 = xor(answer, sha1(salt.view(), stage2.view()));
    return MessageDigest.isEqual(stage2(stage1).view(), stage2.view())
        ? Optional.of(stage1)
        : Optional.empty();
  }

  /** Reads {@code *HEX} as stored in {@code authentication_string}; nothing if it is not that. */
  public static Optional<Bytes> stage2OfStored(String stored) {
    return STORED.matcher(stored).matches()
        ? Optional.of(Bytes.owning(HexFormat.of().parseHex(stored, 1, stored.length())))
        : Optional.empty();
  }

  private static Bytes xor(Bytes left, Bytes right) {
    Require.that(left.length() == right.length(), "both have the same length");
    byte[] result = new byte[left.length()];
    for (int i = 0; i < result.length; i++) {
      result[i] = (byte) (left.at(i) ^ right.at(i));
    }
    return Bytes.owning(result);
  }

  private static Bytes sha1(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return Bytes.owning(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
