package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.mysql.Parameter;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ParameterLiteralTest {
  @Test
  void a_date_or_time_keeps_its_type() {
    assertEquals("DATE'2024-02-29'", text(new Parameter.Date(2024, 2, 29)));
    assertEquals(
        "TIMESTAMP'2024-02-29 01:02:03'", text(new Parameter.DateTime(2024, 2, 29, 1, 2, 3, 0)));
    assertEquals(
        "TIMESTAMP'2024-02-29 01:02:03.000004'",
        text(new Parameter.DateTime(2024, 2, 29, 1, 2, 3, 4)));
    assertEquals("TIME'-49:02:03'", text(new Parameter.Time(true, 49, 2, 3, 0)));
  }

  @Test
  void a_day_that_no_literal_holds_is_a_string() {
    assertEquals("'0000-00-00'", text(new Parameter.Date(0, 0, 0)));
    assertEquals("'2024-02-00'", text(new Parameter.Date(2024, 2, 0)));
    assertEquals("'2023-02-29'", text(new Parameter.Date(2023, 2, 29)));
    assertEquals("'0000-00-00 00:00:00'", text(new Parameter.DateTime(0, 0, 0, 0, 0, 0, 0)));
  }

  @Test
  void a_time_is_no_longer_than_a_time_can_be() {
    assertEquals("TIME'838:59:59'", text(new Parameter.Time(false, 839, 0, 0, 0)));
    assertEquals("TIME'838:00:01'", text(new Parameter.Time(false, 838, 0, 1, 0)));
  }

  private static String text(Parameter parameter) {
    return ParameterLiteral.of(parameter).render(false).latin1();
  }
}
