package io.lockstep.sql;

import io.lockstep.model.Bytes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A value of a prepared statement's parameter, to be written into the text. */
public sealed interface Literal {
  /** The literal's text; {@code noBackslashEscapes} as the session that reads it has it. */
  Bytes render(boolean noBackslashEscapes);

  /** The integer that the server makes of it, 0 for what is none. */
  default long whole() {
    String text = render(false).latin1();
    String digits = text.startsWith("'") ? text.substring(1) : text;
    Matcher number =
        Pattern.compile("^\\s*[0-9]+(\\.[0-9]*)?([eE][+-]?[0-9]{1,3})?").matcher(digits);
    return number.find() ? Math.round(Double.parseDouble(number.group().strip())) : 0;
  }

  /** SQL NULL. */
  record Null() implements Literal {
    @Override
    public Bytes render(boolean noBackslashEscapes) {
      return Bytes.utf8("NULL");
    }
  }

  /** DEFAULT, where a value may stand. */
  record Default() implements Literal {
    @Override
    public Bytes render(boolean noBackslashEscapes) {
      return Bytes.utf8("DEFAULT");
    }
  }

  /** An integer, signed or unsigned. */
  record Whole(BigInteger value) implements Literal {
    public static Whole of(long value) {
      return new Whole(BigInteger.valueOf(value));
    }

    /** The 64 bits read as an unsigned number. */
    public static Whole ofUnsigned(long bits) {
      return new Whole(new BigInteger(Long.toUnsignedString(bits)));
    }

    @Override
    public Bytes render(boolean noBackslashEscapes) {
      return Bytes.utf8(value.toString());
    }
  }

  /** An exact decimal. */
  record Exact(BigDecimal value) implements Literal {
    @Override
    public Bytes render(boolean noBackslashEscapes) {
      String plain = value.toPlainString();
      // Without a point it would be an integer, whose overflow is another error.
      return Bytes.utf8(value.scale() <= 0 ? plain + "." : plain);
    }
  }

  /** A double: always with an exponent, so that the server reads it as DOUBLE and not DECIMAL. */
  record Approximate(double value) implements Literal {
    @Override
    public Bytes render(boolean noBackslashEscapes) {
      if (Double.isNaN(value) || Double.isInfinite(value)) {
        return Bytes.utf8("NULL");
      }
      String shortest = Double.toString(value);
      return Bytes.utf8(shortest.indexOf('E') >= 0 ? shortest : shortest + "E0");
    }
  }

  /** A single-precision float, widened exactly as the server widens a bound FLOAT. */
  record Single(float value) implements Literal {
    @Override
    public Bytes render(boolean noBackslashEscapes) {
      return new Approximate(value).render(noBackslashEscapes);
    }
  }

  /** A string, in the client's character set. */
  record Text(Bytes content) implements Literal {
    @Override
    public Bytes render(boolean noBackslashEscapes) {
      return Literals.quoted(content, noBackslashEscapes);
    }
  }

  /** Bytes without a character set. */
  record Binary(Bytes content) implements Literal {
    @Override
    public Bytes render(boolean noBackslashEscapes) {
      return Literals.hex(content);
    }
  }

  /**
   * A date, time or both, as the text protocol writes them: {@code 2024-01-31}, {@code -838:59:59},
   * {@code 2024-01-31 10:00:00.123456}. With its type named, since a plain string of the same
   * characters is another number, compares otherwise, and is no time of today for a DATETIME column
   * (MariaDB: Date and Time Literals).
   */
  record Temporal(Type type, String value) implements Literal {
    /** Which of them, and how it is written: as a string where no literal holds the value. */
    public enum Type {
      DATE("DATE"),
      TIME("TIME"),
      TIMESTAMP("TIMESTAMP"),
      /** A zero date, or a day that no month has: DATE'…' and TIMESTAMP'…' refuse them. */
      NO_DAY("");

      private final String keyword;

      Type(String keyword) {
        this.keyword = keyword;
      }
    }

    @Override
    public Bytes render(boolean noBackslashEscapes) {
      return Bytes.utf8(type.keyword + "'" + value + "'");
    }

    @Override
    public long whole() {
      return new Text(Bytes.utf8(value)).whole();
    }
  }
}
