package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.lockstep.model.Require;

/** How to prove to a database who we are, by {@code mysql_native_password}. */
public sealed interface BackendCredential {
  /** The plugin's answer to {@code salt}; empty for no password. */
  Bytes answer(Bytes salt);

  /** SHA1 of the password, as recovered from a client's right answer. */
  record Stage1(Bytes stage1) implements BackendCredential {
    public Stage1 {
      Require.that(stage1.length() == NativePassword.HASH_BYTES, "a stage 1 has 20 bytes");
    }

    @Override
    public Bytes answer(Bytes salt) {
      return NativePassword.answer(stage1, salt);
    }
  }

  /** The password itself; never shown. */
  record Cleartext(String password) implements BackendCredential {
    @Override
    public Bytes answer(Bytes salt) {
      return NativePassword.answer(password, salt);
    }

    @Override
    public String toString() {
      return "Cleartext";
    }
  }

  /** No password: also for accounts that are identified by the unix socket. */
  record None() implements BackendCredential {
    @Override
    public Bytes answer(Bytes salt) {
      return Bytes.EMPTY;
    }
  }
}
