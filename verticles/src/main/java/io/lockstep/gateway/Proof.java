package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.Capabilities;
import io.lockstep.mysql.HandshakeResponse;
import io.lockstep.mysql.NativePassword;
import java.util.Optional;

/** What a client gave to prove that it knows its password. */
sealed interface Proof {
  /** SHA1 of the password, if the account's SHA1(SHA1(password)) is this; empty for none. */
  Optional<Bytes> stage1(Bytes stage2);

  /** Whether the client used a password. */
  boolean given();

  /**
   * What a response proves by itself; nothing if the client must be asked for another plugin's
   * answer. The password in clear counts only where it could not be overheard.
   */
  static Optional<Proof> of(HandshakeResponse response, Bytes salt, boolean secured) {
    boolean named =
        Capabilities.has(response.capabilities(), Capabilities.PLUGIN_AUTH)
            && !response.plugin().isEmpty();
    if (!named || response.plugin().equals(NativePassword.PLUGIN)) {
      return Optional.of(new Native(response.answer(), salt));
    }
    return response.plugin().equals(Clear.PLUGIN) && secured
        ? Optional.of(new Clear(response.answer()))
        : Optional.empty();
  }

  /** The answer of {@code mysql_native_password} to {@code salt}. */
  record Native(Bytes answer, Bytes salt) implements Proof {
    @Override
    public Optional<Bytes> stage1(Bytes stage2) {
      if (stage2.length() == 0) {
        return given() ? Optional.empty() : Optional.of(Bytes.EMPTY);
      }
      return NativePassword.verify(answer, salt, stage2);
    }

    @Override
    public boolean given() {
      return answer.length() > 0;
    }
  }

  /** The password itself, with a zero byte behind it. */
  record Clear(Bytes answer) implements Proof {
    static final String PLUGIN = "mysql_clear_password";

    @Override
    public Optional<Bytes> stage1(Bytes stage2) {
      if (stage2.length() == 0 || !given()) {
        return stage2.length() == 0 && !given() ? Optional.of(Bytes.EMPTY) : Optional.empty();
      }
      Bytes stage1 = NativePassword.stage1(password());
      return NativePassword.stage2(stage1).equals(stage2) ? Optional.of(stage1) : Optional.empty();
    }

    @Override
    public boolean given() {
      return password().length() > 0;
    }

    private Bytes password() {
      int length = answer.length();
      boolean ended = length > 0 && answer.at(length - 1) == 0;
      return ended ? Bytes.ofLatin1(answer.latin1().substring(0, length - 1)) : answer;
    }

    /** Never shows the password. */
    @Override
    public String toString() {
      return "Clear";
    }
  }
}
