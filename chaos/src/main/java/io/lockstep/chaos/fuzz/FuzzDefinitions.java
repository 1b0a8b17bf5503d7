package io.lockstep.chaos.fuzz;

import java.util.List;

/** Random definitions that change a random schema while others write to it. */
final class FuzzDefinitions {
  private final Dice dice;
  private final List<FuzzTable> tables;
  private final FuzzExpressions expressions;

  FuzzDefinitions(Dice dice, List<FuzzTable> tables, FuzzExpressions expressions) {
    this.dice = dice;
    this.tables = tables;
    this.expressions = expressions;
  }

  String next() {
    String table = dice.one(tables).name();
    return switch (dice.below(6)) {
      case 0, 1 -> alteration(table);
      case 2 -> program(table);
      case 3 -> account(table);
      default -> other(table);
    };
  }

  private String alteration(String table) {
    return "ALTER TABLE "
        + table
        + dice.one(
            " ADD COLUMN x INT DEFAULT 4",
            " ADD COLUMN IF NOT EXISTS x VARCHAR(9) DEFAULT '\uD83D\uDE00' FIRST",
            " ADD COLUMN y DATETIME(6) DEFAULT NOW(6)",
            " ADD COLUMN z VARCHAR(36) DEFAULT (UUID())",
            " DROP COLUMN x",
            " DROP COLUMN IF EXISTS y",
            " MODIFY n BIGINT",
            " MODIFY n INT",
            " CHANGE n n INT COMMENT 'grün \uD83D\uDE00'",
            " ALTER n SET DEFAULT " + dice.below(9),
            " ALTER n DROP DEFAULT",
            " ADD UNIQUE u (n, id)",
            " DROP INDEX u",
            " ADD INDEX IF NOT EXISTS k (n)",
            " DROP INDEX IF EXISTS k",
            " RENAME COLUMN x TO y",
            " COMMENT '\uD83D\uDE00 " + dice.below(9) + "'",
            " ADD CONSTRAINT c CHECK (n <> 77)",
            " DROP CONSTRAINT c",
            " AUTO_INCREMENT = " + dice.below(300),
            " CONVERT TO CHARACTER SET " + dice.one("latin1", "utf8mb4"),
            " ENGINE=InnoDB",
            " FORCE",
            " PARTITION BY HASH (id) PARTITIONS 2",
            " REMOVE PARTITIONING");
  }

  private String program(String table) {
    return dice.one(
        "CREATE OR REPLACE PROCEDURE q(a INT) INSERT INTO "
            + table
            + " (n) VALUES (a), ("
            + expressions.number()
            + ")",
        "CREATE OR REPLACE PROCEDURE q(a INT) BEGIN DECLARE CONTINUE HANDLER FOR SQLEXCEPTION"
            + " SET @v = a; UPDATE "
            + table
            + " SET n = a LIMIT 1; DELETE FROM "
            + table
            + " WHERE id = a; END",
        "CREATE OR REPLACE PROCEDURE q(a INT) FOR r IN (SELECT n FROM "
            + table
            + " LIMIT 3) DO INSERT INTO log (what, n) VALUES ('\uD83D\uDE00', r.n + a); END FOR",
        "CREATE OR REPLACE PROCEDURE q(a INT) BEGIN START TRANSACTION; UPDATE "
            + table
            + " SET n = a WHERE id < a; COMMIT; INSERT INTO log (n) VALUES (a); END",
        "CREATE OR REPLACE FUNCTION h(a INT) RETURNS INT DETERMINISTIC RETURN a * " + dice.below(5),
        "CREATE OR REPLACE VIEW v AS SELECT id, n FROM " + table + " WHERE n > " + dice.below(5),
        "CREATE OR REPLACE TRIGGER g BEFORE INSERT ON "
            + table
            + " FOR EACH ROW SET NEW.n = "
            + dice.one("NEW.n + 1", "COALESCE(NEW.n, RAND() * 9)", "@v"),
        "DROP TRIGGER IF EXISTS g",
        "CREATE OR REPLACE EVENT e ON SCHEDULE EVERY 1 SECOND DO INSERT INTO log (what) VALUES"
            + " (UUID())",
        "DROP EVENT IF EXISTS e");
  }

  private String account(String table) {
    String user = "fuzz" + dice.below(3);
    return dice.one(
        "CREATE USER IF NOT EXISTS " + user + " IDENTIFIED BY '\uD83D\uDE00'",
        "CREATE ROLE IF NOT EXISTS fuzz_role",
        "DROP USER IF EXISTS " + user,
        "DROP ROLE IF EXISTS fuzz_role",
        "GRANT SELECT, UPDATE (n) ON " + table + " TO " + user,
        "GRANT fuzz_role TO " + user,
        "GRANT INSERT ON " + table + " TO fuzz_role",
        "REVOKE ALL PRIVILEGES, GRANT OPTION FROM " + user,
        "SET PASSWORD FOR " + user + " = PASSWORD('" + dice.below(9) + "')",
        "ALTER USER " + user + " ACCOUNT " + dice.one("LOCK", "UNLOCK"),
        "SET DEFAULT ROLE fuzz_role FOR " + user);
  }

  private String other(String table) {
    return dice.one(
        "CREATE INDEX k ON " + table + " (n)",
        "DROP INDEX k ON " + table,
        "TRUNCATE TABLE " + dice.one(table, "log"),
        "ALTER SEQUENCE s0 RESTART " + dice.below(40),
        "ANALYZE TABLE " + table,
        "OPTIMIZE TABLE " + table,
        "RENAME TABLE " + table + " TO r, r TO " + table,
        "CREATE TABLE made AS SELECT n FROM " + table,
        "CREATE OR REPLACE TABLE made (PRIMARY KEY (id)) AS SELECT id, n, '\uD83D\uDE00' AS w FROM "
            + table
            + " WHERE id IS NOT NULL GROUP BY id",
        "CREATE TABLE IF NOT EXISTS made LIKE " + table,
        "DROP TABLE IF EXISTS made",
        "CREATE TEMPORARY TABLE tmp (n INT)",
        "CREATE OR REPLACE TEMPORARY TABLE tmp AS SELECT n FROM " + table + " LIMIT 4",
        "DROP TEMPORARY TABLE IF EXISTS tmp");
  }
}
