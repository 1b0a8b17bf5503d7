package io.lockstep.mysql;

import io.lockstep.model.Bytes;

/** The value of one parameter of a prepared statement, exactly as the client sent it. */
public sealed interface Parameter {
  /** One answer for each kind, so that a new one breaks the build. */
  <R> R fold(Visitor<R> visitor);

  /** A branch for each kind. */
  interface Visitor<R> {
    R nothing(Null value);

    R whole(Whole value);

    R singlePrecision(SinglePrecision value);

    R doublePrecision(DoublePrecision value);

    R decimal(Decimal value);

    R text(Text value);

    R blob(Blob value);

    R date(Date value);

    R dateTime(DateTime value);

    R time(Time value);
  }

  /** SQL NULL. */
  record Null() implements Parameter {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.nothing(this);
    }
  }

  /** Any integer; {@code value} holds all 64 bits when unsigned. */
  record Whole(long value, boolean unsigned) implements Parameter {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.whole(this);
    }
  }

  /** A FLOAT, as exact as it came. */
  record SinglePrecision(float value) implements Parameter {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.singlePrecision(this);
    }
  }

  /** A DOUBLE. */
  record DoublePrecision(double value) implements Parameter {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.doublePrecision(this);
    }
  }

  /** A DECIMAL as its decimal text, which the client wrote. */
  record Decimal(Bytes digits) implements Parameter {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.decimal(this);
    }
  }

  /** Characters in the session's client character set. */
  record Text(Bytes content) implements Parameter {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.text(this);
    }
  }

  /** Bytes without a character set. */
  record Blob(Bytes content) implements Parameter {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.blob(this);
    }
  }

  /** A DATE; all zero for the zero date. */
  record Date(int year, int month, int day) implements Parameter {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.date(this);
    }
  }

  /** A DATETIME or TIMESTAMP; micros 0 to 999999. */
  record DateTime(int year, int month, int day, int hour, int minute, int second, int micros)
      implements Parameter {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.dateTime(this);
    }
  }

  /** A TIME; the hours include those of its days. */
  record Time(boolean negative, long hours, int minute, int second, int micros)
      implements Parameter {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.time(this);
    }
  }
}
