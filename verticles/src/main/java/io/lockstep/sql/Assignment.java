package io.lockstep.sql;

import io.lockstep.model.Bytes;
import java.util.Optional;
import java.util.function.Function;

/** One assignment of a SET statement. */
public sealed interface Assignment {
  /** What a system variable is set for. */
  enum Scope {
    SESSION,
    GLOBAL,
    /** The next transaction only: SET TRANSACTION without scope. */
    NEXT
  }

  /**
   * A system variable.
   *
   * @param name lower case
   * @param value the text right of the equals sign, as written
   */
  record SystemVariable(Scope scope, String name, Bytes value) implements Assignment {
    @Override
    public <R> R fold(
        Function<SystemVariable, R> system,
        Function<UserVariable, R> user,
        Function<Names, R> names,
        Function<CharacterSet, R> characterSet,
        Function<Transaction, R> transaction,
        Function<Role, R> role) {
      return system.apply(this);
    }
  }

  /** A user variable; {@code name} is lower case and without {@code @}. */
  record UserVariable(String name, Bytes value) implements Assignment {
    @Override
    public <R> R fold(
        Function<SystemVariable, R> system,
        Function<UserVariable, R> user,
        Function<Names, R> names,
        Function<CharacterSet, R> characterSet,
        Function<Transaction, R> transaction,
        Function<Role, R> role) {
      return user.apply(this);
    }
  }

  /** SET NAMES; lower case, {@code default} for DEFAULT, an empty collation for none given. */
  record Names(String charset, String collation) implements Assignment {
    @Override
    public <R> R fold(
        Function<SystemVariable, R> system,
        Function<UserVariable, R> user,
        Function<Names, R> names,
        Function<CharacterSet, R> characterSet,
        Function<Transaction, R> transaction,
        Function<Role, R> role) {
      return names.apply(this);
    }
  }

  /** SET CHARACTER SET; lower case, {@code default} for DEFAULT. */
  record CharacterSet(String charset) implements Assignment {
    @Override
    public <R> R fold(
        Function<SystemVariable, R> system,
        Function<UserVariable, R> user,
        Function<Names, R> names,
        Function<CharacterSet, R> characterSet,
        Function<Transaction, R> transaction,
        Function<Role, R> role) {
      return characterSet.apply(this);
    }
  }

  /** SET [SESSION | GLOBAL] TRANSACTION; the characteristics in upper case, single spaced. */
  record Transaction(Scope scope, String characteristics) implements Assignment {
    @Override
    public <R> R fold(
        Function<SystemVariable, R> system,
        Function<UserVariable, R> user,
        Function<Names, R> names,
        Function<CharacterSet, R> characterSet,
        Function<Transaction, R> transaction,
        Function<Role, R> role) {
      return transaction.apply(this);
    }
  }

  /** SET ROLE; as written. */
  record Role(Bytes value) implements Assignment {
    @Override
    public <R> R fold(
        Function<SystemVariable, R> system,
        Function<UserVariable, R> user,
        Function<Names, R> names,
        Function<CharacterSet, R> characterSet,
        Function<Transaction, R> transaction,
        Function<Role, R> role) {
      return role.apply(this);
    }
  }

  <R> R fold(
      Function<SystemVariable, R> system,
      Function<UserVariable, R> user,
      Function<Names, R> names,
      Function<CharacterSet, R> characterSet,
      Function<Transaction, R> transaction,
      Function<Role, R> role);

  /** The system variable that this assigns, if it does. */
  default Optional<SystemVariable> systemVariable() {
    return fold(
        Optional::of,
        user -> Optional.empty(),
        names -> Optional.empty(),
        characterSet -> Optional.empty(),
        transaction -> Optional.empty(),
        role -> Optional.empty());
  }

  /** Whether this assigns the session's system variable of this lower case name. */
  default boolean isSession(String variable) {
    return fold(
        system -> system.scope() != Scope.GLOBAL && system.name().equals(variable),
        user -> false,
        names -> false,
        characterSet -> false,
        transaction -> false,
        role -> false);
  }

  /** Whether this changes the server and not the session. */
  default boolean isGlobal() {
    return fold(
        system -> system.scope() == Scope.GLOBAL,
        user -> false,
        names -> false,
        characterSet -> false,
        transaction -> transaction.scope() == Scope.GLOBAL,
        role -> false);
  }
}
