package io.lockstep.gateway;

import io.lockstep.mysql.Parameter;
import io.lockstep.sql.Literal;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.Locale;

/** Writes the parameter of a prepared statement as the literal that means exactly the same. */
final class ParameterLiteral implements Parameter.Visitor<Literal> {
  private static final ParameterLiteral VISITOR = new ParameterLiteral();

  /** Of a TIME (MariaDB: TIME). */
  private static final int HOURS_MAX = 838;

  private ParameterLiteral() {}

  static Literal of(Parameter parameter) {
    return parameter.fold(VISITOR);
  }

  @Override
  public Literal nothing(Parameter.Null value) {
    return new Literal.Null();
  }

  @Override
  public Literal whole(Parameter.Whole value) {
    return value.unsigned()
        ? Literal.Whole.ofUnsigned(value.value())
        : Literal.Whole.of(value.value());
  }

  @Override
  public Literal singlePrecision(Parameter.SinglePrecision value) {
    return new Literal.Single(value.value());
  }

  @Override
  public Literal doublePrecision(Parameter.DoublePrecision value) {
    return new Literal.Approximate(value.value());
  }

  @Override
  public Literal decimal(Parameter.Decimal value) {
    try {
      return new Literal.Exact(new BigDecimal(value.digits().latin1().strip()));
    } catch (NumberFormatException noNumber) {
      // The server itself would read it as a string and convert it, with its own warnings.
      return new Literal.Text(value.digits());
    }
  }

  @Override
  public Literal text(Parameter.Text value) {
    return new Literal.Text(value.content());
  }

  @Override
  public Literal blob(Parameter.Blob value) {
    return new Literal.Binary(value.content());
  }

  @Override
  public Literal date(Parameter.Date value) {
    return new Literal.Temporal(
        day(value.year(), value.month(), value.day(), Literal.Temporal.Type.DATE),
        String.format(Locale.ROOT, "%04d-%02d-%02d", value.year(), value.month(), value.day()));
  }

  @Override
  public Literal dateTime(Parameter.DateTime value) {
    return new Literal.Temporal(
        day(value.year(), value.month(), value.day(), Literal.Temporal.Type.TIMESTAMP),
        String.format(
            Locale.ROOT,
            "%04d-%02d-%02d %02d:%02d:%02d%s",
            value.year(),
            value.month(),
            value.day(),
            value.hour(),
            value.minute(),
            value.second(),
            fraction(value.micros())));
  }

  @Override
  public Literal time(Parameter.Time value) {
    // What is longer than a TIME can be, the server makes the longest that there is.
    boolean longer = value.hours() > HOURS_MAX;
    return new Literal.Temporal(
        Literal.Temporal.Type.TIME,
        String.format(
            Locale.ROOT,
            "%s%02d:%02d:%02d%s",
            value.negative() ? "-" : "",
            longer ? HOURS_MAX : value.hours(),
            longer ? 59 : value.minute(),
            longer ? 59 : value.second(),
            fraction(value.micros())));
  }

  /** The type of what holds this day: without one where the calendar has no such day. */
  private static Literal.Temporal.Type day(
      int year, int month, int day, Literal.Temporal.Type type) {
    boolean exists =
        year > 0
            && month >= 1
            && month <= 12
            && day >= 1
            && day <= YearMonth.of(year, month).lengthOfMonth();
    return exists ? type : Literal.Temporal.Type.NO_DAY;
  }

  private static String fraction(int micros) {
    return micros == 0 ? "" : String.format(Locale.ROOT, ".%06d", micros);
  }
}
