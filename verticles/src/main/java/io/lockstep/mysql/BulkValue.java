package io.lockstep.mysql;

import java.util.function.Function;

/** One parameter in one row of a bulk execution (MariaDB: COM_STMT_BULK_EXECUTE, indicators). */
public sealed interface BulkValue {
  <R> R fold(Function<Given, R> given, Function<Default, R> byDefault, Function<Ignore, R> ignore);

  /** A value, NULL included. */
  record Given(Parameter value) implements BulkValue {
    @Override
    public <R> R fold(
        Function<Given, R> given, Function<Default, R> byDefault, Function<Ignore, R> ignore) {
      return given.apply(this);
    }
  }

  /** The column's default. */
  record Default() implements BulkValue {
    @Override
    public <R> R fold(
        Function<Given, R> given, Function<Default, R> byDefault, Function<Ignore, R> ignore) {
      return byDefault.apply(this);
    }
  }

  /** The column is left alone: in an INSERT that is its default. */
  record Ignore() implements BulkValue {
    @Override
    public <R> R fold(
        Function<Given, R> given, Function<Default, R> byDefault, Function<Ignore, R> ignore) {
      return ignore.apply(this);
    }
  }
}
