package io.lockstep.applier.mariadb;

import static io.lockstep.applier.mariadb.Writes.statement;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.OwnSettings;
import io.lockstep.model.Setting;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PinnedContextTest {
  private static final Setting ZONE = new Setting("time_zone", "'+02:00'");

  private final PinnedContext context = new PinnedContext();

  @Test
  void a_write_without_settings_needs_no_assignment() {
    assertEquals(Optional.empty(), context.assign(statement("a")));
  }

  @Test
  void a_setting_is_assigned_once_and_goes_back_to_its_default() {
    assertEquals(Optional.of("SET time_zone='+02:00'"), context.assign(statement("a", ZONE)));
    assertEquals(Optional.empty(), context.assign(statement("b", ZONE)));
    assertEquals(Optional.of("SET time_zone='+00:00'"), context.assign(statement("c")));
    assertEquals(Optional.empty(), context.assign(statement("d")));
  }

  @Test
  void a_user_variable_is_unknown_to_the_next_write() {
    Setting variable = new Setting("@`x`", "7");
    assertEquals(Optional.of("SET @`x`=7"), context.assign(statement("a", variable)));
    assertEquals(Optional.of("SET @`x`=NULL"), context.assign(statement("b")));
    assertEquals(Optional.of("SET @`x`=7"), context.assign(statement("c", variable)));
  }

  @Test
  void a_setting_without_a_fixed_default_goes_back_to_the_servers() {
    context.assign(statement("a", new Setting("max_sort_length", "4")));
    assertEquals(Optional.of("SET max_sort_length=DEFAULT"), context.assign(statement("b")));
  }

  @Test
  void settings_of_one_statement_travel_with_it_and_are_never_assigned() {
    var timed = statement("INSERT", new Setting("timestamp", "17.5"), ZONE);
    assertEquals(
        "SET STATEMENT timestamp=17.5,insert_id=9 FOR INSERT",
        OwnSettings.text(timed, OptionalLong.of(9)).latin1());
    assertEquals(Optional.of("SET time_zone='+02:00'"), context.assign(timed));
  }

  @Test
  void a_statement_without_settings_of_its_own_is_sent_as_it_is() {
    assertEquals("a", OwnSettings.text(statement("a", ZONE), OptionalLong.empty()).latin1());
  }

  @Test
  void unique_checks_stay_on() {
    assertEquals(
        Optional.empty(), context.assign(statement("a", new Setting("unique_checks", "0"))));
    assertTrue(PinnedContext.assignDefaults().contains("unique_checks=1"));
  }

  @Test
  void the_schema_is_changed_only_when_it_differs_and_none_is_a_schema_of_its_own() {
    assertEquals(Optional.of("shop"), context.changeSchema(statement("a")));
    assertEquals(Optional.empty(), context.changeSchema(statement("b")));
    assertEquals(
        Optional.of(PinnedContext.NO_SCHEMA), context.changeSchema(statement("", "c", false)));
    assertEquals(Optional.empty(), context.changeSchema(statement("", "d", false)));
  }

  @Test
  void words_are_told_in_characters_of_one_byte_where_strings_have_wider_ones() {
    Setting wide = new Setting("collation_connection", "'utf32_general_ci'");
    assertEquals(
        Optional.of("SET collation_connection='utf32_general_ci'"),
        context.assign(statement("a", wide)));
    assertEquals(
        Optional.of("SET time_zone=_utf8mb4'+02:00'"), context.assign(statement("b", wide, ZONE)));
    String back = context.assign(statement("c", ZONE)).orElseThrow();
    assertEquals("SET collation_connection=_utf8mb4'utf8mb4_general_ci'", back);
  }

  @Test
  void after_a_refused_assignment_everything_is_assigned_anew() {
    context.changeSchema(statement("a"));
    context.unknown();
    assertEquals(Optional.of("shop"), context.changeSchema(statement("a")));
    String all = context.assign(statement("b")).orElseThrow();
    assertTrue(all.contains("sql_mode=") && all.contains("time_zone=_utf8mb4'+00:00'"), all);
  }
}
