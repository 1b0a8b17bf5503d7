package io.lockstep.chaos.fuzz;

import java.util.ArrayList;
import java.util.List;

/** A random schema: tables, and programs, views and keys that make one write do more. */
public final class FuzzSchema {
  private final Dice dice;
  private final List<FuzzTable> tables = new ArrayList<>();

  public FuzzSchema(Dice dice) {
    this.dice = dice;
    for (int i = 3 + dice.below(3); i > 0; i--) {
      tables.add(FuzzTable.random(dice, "t" + tables.size()));
    }
  }

  List<FuzzTable> tables() {
    return tables;
  }

  /** The statements that make it. Some may fail, which they then do on one server too. */
  public List<String> definitions() {
    List<String> all = new ArrayList<>();
    all.add(
        "CREATE SEQUENCE s0" + dice.one("", " INCREMENT 3", " MAXVALUE 40 CYCLE", " INCREMENT -1"));
    tables.forEach(table -> all.add(table.definition()));
    all.add("CREATE TABLE log (id INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(60), n INT)");
    for (FuzzTable table : tables) {
      if (dice.oneIn(2)) {
        all.add(trigger(table));
      }
    }
    FuzzTable parent = tables.get(0);
    FuzzTable child = tables.get(1);
    all.add(
        "ALTER TABLE "
            + child.name()
            + " ADD COLUMN p INT, ADD INDEX (p), ADD FOREIGN KEY (p) REFERENCES "
            + parent.name()
            + " (id) ON DELETE "
            + dice.one("CASCADE", "SET NULL", "RESTRICT"));
    all.add("CREATE VIEW v AS SELECT id, n FROM " + dice.one(tables).name() + " WHERE n > 3");
    all.add(
        "CREATE PROCEDURE p(a INT) BEGIN INSERT INTO log (what, n) VALUES (UUID(), a);"
            + " UPDATE "
            + dice.one(tables).name()
            + " SET n = a WHERE n < a "
            + dice.one("LIMIT 2", "ORDER BY id LIMIT 1", "")
            + "; END");
    all.add(
        "CREATE FUNCTION f(a INT) RETURNS INT BEGIN INSERT INTO log (what, n) VALUES ('f', a);"
            + " RETURN a + 1; END");
    all.add("CREATE FUNCTION h(a INT) RETURNS INT DETERMINISTIC RETURN a * 2");
    return all;
  }

  private String trigger(FuzzTable table) {
    String event = dice.one("INSERT", "UPDATE", "DELETE");
    String row = event.equals("DELETE") ? "OLD" : "NEW";
    String body =
        dice.one(
            "INSERT INTO log (what, n) VALUES ('" + table.name() + "', " + row + ".n)",
            "INSERT INTO log (what, n) SELECT UUID(), COUNT(*) FROM " + table.name(),
            "UPDATE log SET n = n + 1 WHERE id = " + row + ".n",
            "BEGIN DECLARE k INT; SELECT MAX(n) INTO k FROM log; INSERT INTO log (what, n)"
                + " VALUES (RAND(), k); END");
    return "CREATE TRIGGER g_"
        + table.name()
        + " AFTER "
        + event
        + " ON "
        + table.name()
        + " FOR EACH ROW "
        + body;
  }
}
