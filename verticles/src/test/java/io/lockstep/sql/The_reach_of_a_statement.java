package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class The_reach_of_a_statement {
  private final FakeCatalogue catalogue =
      new FakeCatalogue()
          .table("a", "id:int pk")
          .table("b", "id:int pk")
          .table("log", "id:int pk")
          .table("parent", "id:int pk")
          .table("child", "id:int pk")
          .table("grandchild", "id:int pk")
          .table("guest", "id:int pk")
          .view("v", "select `d`.`a`.`id` AS `id` from `d`.`a`")
          .view("w", "select now() AS `n` from `d`.`v` join `d`.`b`")
          .view("f", "select `d`.`f`(1) AS `x` from `d`.`b`")
          .trigger("a", "INSERT", "BEGIN INSERT INTO log VALUES (NEW.id); END")
          .trigger("b", "UPDATE", "CALL p()")
          .foreignKey("child", "parent", true)
          .foreignKey("grandchild", "child", true)
          .foreignKey("guest", "child", false);

  private Reach reach(String sql) {
    return new Reaches(catalogue)
        .of(Classifier.read(Bytes.utf8(sql), Dialect.DEFAULT), "d", Seq.NONE)
        .result();
  }

  private List<String> tables(String sql) {
    return reach(sql).tables().stream().map(Object::toString).sorted().toList();
  }

  @Test
  void of_a_read_are_the_tables_behind_its_views() {
    assertEquals(List.of("d.a"), tables("SELECT * FROM a"));
    assertEquals(List.of("d.a", "d.b", "d.v", "d.w"), tables("SELECT * FROM w"));
    assertEquals(Set.of(FunctionKind.TIME), reach("SELECT * FROM w").calls());
    assertEquals(Set.of(), reach("SELECT * FROM v").calls());
  }

  @Test
  void of_a_write_are_the_tables_of_its_triggers() {
    assertEquals(List.of("d.a", "d.log"), tables("INSERT INTO a VALUES (1)"));
    assertEquals(List.of("d.a", "d.log", "d.v"), tables("INSERT INTO v VALUES (1)"));
    assertEquals(List.of("d.a", "d.log"), tables("INSERT INTO log SELECT id FROM a"));
  }

  @Test
  void of_a_write_are_the_tables_that_foreign_keys_change_or_lock() {
    assertEquals(
        List.of("d.child", "d.grandchild", "d.guest", "d.parent"), tables("DELETE FROM parent"));
    assertEquals(List.of("d.child", "d.guest"), tables("INSERT INTO guest VALUES (1)"));
    assertEquals(List.of("d.parent"), tables("SELECT * FROM parent"));
  }

  @Test
  void tells_apart_what_is_written_read_and_only_looked_up() {
    assertEquals(
        Set.of("d.child", "d.grandchild", "d.parent"),
        names(reach("DELETE FROM parent").written()));
    assertEquals(Set.of("d.guest"), names(reach("INSERT INTO guest VALUES (1)").used()));
    Reach both = reach("INSERT INTO log SELECT id FROM v");
    assertEquals(Set.of("d.log"), names(both.written()));
    assertEquals(Set.of("d.log", "d.v", "d.a"), names(both.used()));
  }

  private static Set<String> names(Set<TableName> tables) {
    return tables.stream().map(Object::toString).collect(Collectors.toSet());
  }

  @Test
  void is_anything_where_a_program_is_called() {
    assertTrue(reach("UPDATE b SET id = 2").anything());
    assertTrue(reach("SELECT * FROM f").anything());
    assertTrue(reach("CALL p()").anything());
    assertTrue(reach("SELECT unheard_of(id) FROM a").anything());
    assertFalse(reach("SELECT * FROM b").anything());
    assertFalse(reach("INSERT INTO a VALUES (1)").anything());
  }

  @Test
  void leaves_out_what_each_node_has_for_itself() {
    assertTrue(reach("SELECT * FROM information_schema.TABLES").isNone());
    assertTrue(reach("SELECT 1").isNone());
  }
}
