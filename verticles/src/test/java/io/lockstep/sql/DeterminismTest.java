package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.IdDraw;
import io.lockstep.model.Seq;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DeterminismTest {
  private static final SessionFacts SESSION =
      new SessionFacts("d", new Account("app", "%"), "app@10.0.0.7", Optional.of("r"), new Seq(5));

  private final FakeCatalogue catalogue =
      new FakeCatalogue()
          .table("t", "id:bigint pk auto", "k:int", "c:varchar null", "pad:char")
          .table("p", "id:int pk", "v:varchar", "n:double null", "u:varchar unique null")
          .table("nokey", "a:int", "b:varchar null")
          .table("pair", "a:int pk", "b:int pk", "v:int")
          .table("stamped", "id:int pk", "at:timestamp default=current_timestamp() onupdate")
          .table("dated", "id:int pk", "at:datetime default=now() null")
          .table("timed", "id:int pk", "t:time null", "at:datetime null")
          .table("tagged", "id:int pk", "tag:varchar default=uuid()")
          .table("diced", "id:int pk", "x:double default=rand()")
          .table("audit", "at:datetime null", "what:varchar null")
          .table("log", "id:int pk auto", "what:varchar null")
          .table("a1", "id:int pk", "v:int")
          .table("a2", "id:int pk", "v:int")
          .table("a3", "id:int pk", "v:int")
          .table("a4", "id:int pk", "v:int")
          .table("a5", "id:int pk", "v:int")
          .table("total", "id:int pk", "n:int")
          .table("s1", "id:varchar pk", "v:int")
          .trigger("a1", "INSERT", "INSERT INTO audit VALUES (NOW(), NEW.v)")
          .trigger("a2", "INSERT", "INSERT INTO log (what) VALUES (NEW.v)")
          .trigger("a3", "INSERT", "BEGIN IF NEW.v IS NULL THEN SET NEW.v = f(1); END IF; END")
          .trigger("a5", "INSERT", "SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1213")
          .trigger("a5", "UPDATE", "SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 31001")
          .trigger(
              "a5",
              "DELETE",
              "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION INSERT INTO log (what) VALUES (1);"
                  + " SET @x = 1; END")
          .trigger("a4", "UPDATE", "UPDATE total SET n = n + NEW.v WHERE id = 1")
          .trigger("a4", "INSERT", "SET NEW.v = CONNECTION_ID(), NEW.id = USER()")
          .view("vw", "select `d`.`p`.`id` AS `id` from `d`.`p`")
          .view("vbad", "select uuid() AS `id`")
          .view("vlimit", "select `d`.`p`.`id` AS `id` from `d`.`p` limit 1")
          .versioned("kept", "id:int pk", "v:int")
          .table("parent", "id:int pk")
          .table("child", "id:int pk", "p:int")
          .foreignKey("child", "parent", true)
          .myIsam("old", "id:int pk");

  private Verdict judge(String sql) {
    return judge(sql, Dialect.DEFAULT);
  }

  private Verdict judge(String sql, Dialect dialect) {
    Statement statement = Classifier.read(Bytes.utf8(sql), dialect);
    Determinism determinism = new Determinism(catalogue, new Random(1));
    Future<Verdict> verdict =
        statement.type() instanceof StatementClass.Dml dml
            ? determinism.dml(statement, dml, SESSION)
            : determinism.definition(
                statement, (StatementClass.Definition) statement.type(), SESSION);
    return verdict.result();
  }

  private static String brief(Verdict verdict) {
    return verdict.fold(
        ordered -> ("ordered " + String.join(" ", names(ordered))).trim(),
        rows -> "rows",
        refused -> "refused");
  }

  private static java.util.SortedSet<String> names(Verdict.Ordered ordered) {
    java.util.SortedSet<String> names = new TreeSet<>();
    ordered.needs().forEach(need -> names.add(need.name()));
    ordered.userVariables().forEach(name -> names.add("@" + name));
    return names;
  }

  private IdDraw draw(String sql) {
    return ((Verdict.Ordered) judge(sql)).ids().orElseThrow();
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        // What sysbench sends.
        "INSERT INTO t (id, k, c, pad) VALUES (0, 5, 'x', 'y') | ordered",
        "UPDATE t SET k=k+1 WHERE id=5 | ordered",
        "UPDATE t SET c='abc' WHERE id=5 | ordered",
        "DELETE FROM t WHERE id=5 | ordered",
        "UPDATE t SET k=k+1 WHERE id=? | ordered",
        // Context that can be pinned.
        "INSERT INTO p VALUES (1, NOW(), 1, 2) | ordered TIME",
        "INSERT INTO p VALUES (1, CURRENT_TIMESTAMP, 1, 2) | ordered TIME",
        "INSERT INTO p VALUES (1, SYSDATE(), RAND(), 2) | ordered RAND TIME",
        "INSERT INTO p VALUES (1, UNIX_TIMESTAMP(), 1, 2) | ordered TIME",
        "INSERT INTO p VALUES (1, UNIX_TIMESTAMP('2020-01-01'), 1, 2) | ordered",
        "INSERT INTO p VALUES (LAST_INSERT_ID(), @a, CONNECTION_ID(), @`B`)"
            + " | ordered @a @b CONNECTION_ID LAST_INSERT_ID",
        "INSERT INTO p (id, v) VALUES (1, @@sql_mode) | ordered",
        "INSERT INTO p (id, v) VALUES (1, @@hostname) | rows",
        "INSERT INTO p (id, v) VALUES (1, @@global.server_id) | rows",
        "INSERT INTO p (id) VALUES (@x := 1) | rows",
        "INSERT INTO p (id, v) VALUES (1, VERSION()) | rows",
        "INSERT INTO p (id, v) VALUES (1, my_function()) | rows",
        "INSERT INTO p (id, v) VALUES (1, SLEEP(1)) | rows",
        "INSERT INTO p (id) VALUES (NEXTVAL(s)) | refused",
        "INSERT INTO p (id) VALUES (NEXT VALUE FOR s) | refused",
        "INSERT INTO p (id, v) VALUES (1, FOUND_ROWS()) | rows",
        "INSERT INTO p (id, v) VALUES (1, DATABASE()) | ordered",
        // Fresh values.
        "INSERT INTO p (id, v) VALUES (1, UUID()) | ordered",
        "INSERT INTO p (id, v) VALUES (1, REPLACE(UUID(), '-', '')) | ordered",
        "INSERT INTO p (id, v) SELECT id, UUID() FROM t | rows",
        "INSERT INTO p (id, v) VALUES (1, (SELECT UUID() FROM t)) | rows",
        "UPDATE p SET v=UUID() WHERE id=1 | ordered",
        "UPDATE p SET v=UUID() | rows",
        "UPDATE p SET v='x' WHERE v=UUID() AND id=1 | rows",
        // Defaults.
        "INSERT INTO stamped (id) VALUES (1) | ordered TIME",
        "UPDATE stamped SET id=2 WHERE id=1 | ordered TIME",
        "INSERT INTO dated (id) VALUES (1) | ordered TIME",
        "INSERT INTO dated VALUES (1, '2020-01-01') | ordered",
        "INSERT INTO dated VALUES (1, DEFAULT) | ordered TIME",
        // A time of day that becomes a date takes its day.
        "UPDATE timed SET at=t WHERE id=1 | ordered TIME",
        "INSERT INTO dated SELECT id, t FROM timed | ordered TIME",
        "INSERT INTO dated VALUES (1, TIME'10:00:00') | ordered TIME",
        "INSERT INTO dated VALUES (1, {t '10:00:00'}) | ordered TIME",
        "INSERT INTO dated VALUES (1, CAST('10:00:00' AS TIME)) | ordered TIME",
        "INSERT INTO dated VALUES (1, SEC_TO_TIME(100)) | ordered TIME",
        "ALTER TABLE timed MODIFY t DATETIME | ordered TIME",
        "ALTER TABLE timed ADD v INT | ordered",
        "INSERT INTO tagged (id) VALUES (1) | rows",
        "INSERT INTO tagged (id, tag) VALUES (1, 'x') | ordered",
        "INSERT INTO tagged VALUES (1, DEFAULT) | rows",
        "INSERT INTO tagged SET id=1 | rows",
        "INSERT INTO diced (id) VALUES (1), (2) | ordered RAND",
        "INSERT INTO diced (id) SELECT id FROM p | rows",
        // Which rows, in which order.
        "DELETE FROM p LIMIT 1 | rows",
        "DELETE FROM p ORDER BY id LIMIT 1 | ordered",
        "DELETE FROM p ORDER BY v LIMIT 1 | rows",
        "DELETE FROM p ORDER BY v, id DESC LIMIT 1 | ordered",
        "DELETE FROM p ORDER BY u LIMIT 1 | rows",
        "DELETE FROM p ORDER BY RAND() LIMIT 1 | rows",
        "DELETE FROM p WHERE id=1 LIMIT 1 | ordered",
        "DELETE FROM p WHERE u='x' LIMIT 1 | ordered",
        "DELETE FROM s1 WHERE id=0 LIMIT 1 | rows",
        "DELETE FROM s1 WHERE id='0' LIMIT 1 | ordered",
        "DELETE FROM p WHERE id='99999999999999999999' LIMIT 1 | rows",
        "DELETE FROM p WHERE id=1 OR id=2 LIMIT 1 | rows",
        "DELETE FROM p WHERE n=1 OR v='x' AND id=2 LIMIT 1 | rows",
        "DELETE FROM p WHERE CASE WHEN n THEN v AND id=2 AND u END LIMIT 1 | rows",
        "DELETE FROM p WHERE n BETWEEN 1 AND id = 5 LIMIT 1 | rows",
        "DELETE FROM p WHERE n BETWEEN 1 AND 2 AND id = 5 LIMIT 1 | ordered",
        "DELETE FROM p WHERE (id=1) LIMIT 1 | ordered",
        "DELETE FROM pair WHERE a=1 LIMIT 1 | rows",
        "DELETE FROM pair WHERE a=1 AND b=2 LIMIT 1 | ordered",
        "UPDATE pair SET v=v+1 | ordered",
        "UPDATE pair SET a=a+1 | rows",
        "UPDATE pair SET a=a+1 ORDER BY a, b | ordered",
        "UPDATE pair SET a=5 | ordered",
        "UPDATE IGNORE pair SET v=1 | rows",
        "UPDATE IGNORE pair SET v=1 WHERE a=1 AND b=1 | ordered",
        "UPDATE p SET n=RAND() | rows",
        "UPDATE p SET n=RAND() WHERE id=1 | ordered RAND",
        // Several tables.
        "UPDATE p, pair SET p.v='x' WHERE p.id=pair.a | ordered",
        "UPDATE p JOIN pair ON p.id=pair.a SET p.v=pair.v | rows",
        "DELETE p FROM p JOIN pair ON p.id=pair.a | ordered",
        "DELETE FROM p USING p JOIN pair ON p.id=pair.a | ordered",
        "DELETE p, pair FROM p JOIN pair ON p.id=pair.a | rows",
        // Queries that feed tables.
        "INSERT INTO nokey SELECT a, v FROM pair | ordered",
        "INSERT INTO nokey SELECT a, v FROM pair LIMIT 5 | rows",
        "INSERT INTO nokey SELECT a, MAX(v) FROM pair GROUP BY a | rows",
        "INSERT INTO nokey SELECT MAX(v), 1 FROM pair | ordered",
        "INSERT INTO nokey SELECT SUM(n), 1 FROM p | rows",
        "INSERT INTO nokey SELECT COUNT(*), 1 FROM p | ordered",
        "INSERT INTO nokey SELECT DISTINCT v, 1 FROM p | rows",
        "INSERT INTO t (k) SELECT a FROM pair | rows",
        "REPLACE INTO p SELECT * FROM p | rows",
        "INSERT IGNORE INTO p SELECT * FROM p | rows",
        "INSERT INTO nokey SELECT id, 1 FROM vw | ordered",
        "INSERT INTO nokey SELECT id, 1 FROM vbad | rows",
        "INSERT INTO nokey SELECT id, 1 FROM vlimit | rows",
        "INSERT INTO nokey SELECT 1, table_name FROM information_schema.tables | rows",
        "INSERT IGNORE INTO p (id) VALUES (1), (2) | ordered",
        "INSERT INTO p (id) VALUES (1) ON DUPLICATE KEY UPDATE v=VALUES(v), n=n+1 | ordered",
        "REPLACE INTO p (id) VALUES (1) | ordered",
        // Triggers.
        "INSERT INTO a1 VALUES (1, 2) | ordered TIME",
        "UPDATE a1 SET v=1 WHERE id=1 | ordered",
        "INSERT INTO a2 VALUES (1, 2) | rows",
        "INSERT INTO a3 VALUES (1, 2) | rows",
        "INSERT INTO a4 VALUES (1, 2) | rows",
        "UPDATE a4 SET v=1 WHERE id=1 | ordered",
        "INSERT INTO a5 VALUES (1, 2) | rows",
        "UPDATE a5 SET v=1 WHERE id=1 | ordered",
        "DELETE FROM a5 WHERE id=1 | rows",
        "UPDATE a4 SET v=1 | rows",
        // What is not done at all.
        "INSERT INTO old VALUES (1) | refused",
        "INSERT INTO old VALUES (UUID(), RANDOM_BYTES(3)) | refused",
        "DELETE FROM old LIMIT 1 | refused",
        "DELETE FROM mysql.user | refused",
        "INSERT INTO lockstep.position VALUES (1) | refused",
        "INSERT INTO vw VALUES (1) | rows",
        "INSERT INTO nothere VALUES (1) | ordered",
        "INSERT INTO p VALUES (1) AS new ON DUPLICATE KEY UPDATE v=1 | rows",
        "UPDATE p SET | rows",
        "UPDATE kept SET v = 1 | ordered TIME",
        "UPDATE p SET v = (SELECT v FROM kept WHERE id = 1) | ordered",
        "DELETE HISTORY FROM kept BEFORE SYSTEM_TIME '2020-01-01' | ordered TIME",
        "DELETE FROM parent WHERE id = 1 | ordered TIME",
        "DELETE FROM child WHERE id = 1 | ordered",
        "DELETE FROM WHERE | rows",
      })
  void a_write_has_its_verdict(String sql, String expected) {
    assertEquals(expected, brief(judge(sql)));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "CREATE TABLE x (id INT DEFAULT 5) PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN"
            + " (5)) | ordered",
        "CREATE TABLE x (id VARCHAR(36) DEFAULT (UUID())) | ordered",
        "CREATE TABLE x (id INT) WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME LIMIT 9 | refused",
        "CREATE TABLE x (id INT) WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME INTERVAL 1 DAY"
            + " AUTO | refused",
        "ALTER TABLE x ADD SYSTEM VERSIONING | ordered TIME",
        "CREATE TABLE x SELECT * FROM p | rows",
        "CREATE TABLE x AS (SELECT 1) | rows",
        "CREATE TABLE x (a INT) DATA DIRECTORY='/tmp' | refused",
        "CREATE TABLE lockstep.x (a INT) | refused",
        "DROP DATABASE mysql | refused",
        "DROP TABLE a, mysql.user | refused",
        "ALTER TABLE p ADD c DATETIME DEFAULT NOW() | ordered TIME",
        "ALTER TABLE p ADD c VARCHAR(36) DEFAULT (UUID()) | ordered",
        "ALTER TABLE p ADD c DOUBLE DEFAULT (RAND()) | ordered",
        "ALTER TABLE p MODIFY id INT AUTO_INCREMENT | ordered",
        "ALTER TABLE nokey ADD id INT AUTO_INCREMENT PRIMARY KEY | ordered",
        "ALTER TABLE nokey AUTO_INCREMENT = 5 | ordered",
        "ALTER TABLE p DISABLE KEYS | ordered",
        "ALTER IGNORE TABLE p ADD UNIQUE (v) | refused",
        "ALTER TABLE p EXCHANGE PARTITION p0 WITH TABLE q | ordered",
        "CREATE VIEW v AS SELECT UUID() | ordered",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO INSERT INTO p VALUES (UUID()) | ordered TIME",
        "CREATE EVENT do ON SCHEDULE AT NOW() + INTERVAL UUID_SHORT() DAY DO SELECT 1 | refused",
        "CREATE EVENT e ON SCHEDULE EVERY (SELECT MAX(id) FROM p) DAY DO SELECT 1 | refused",
        "CREATE EVENT e ON SCHEDULE EVERY @@port SECOND DO SELECT 1 | refused",
        "CREATE EVENT e ON SCHEDULE EVERY f() SECOND DO SELECT 1 | refused",
        "CREATE EVENT e ON SCHEDULE EVERY RAND() * 9 SECOND DO SELECT 1 | ordered RAND TIME",
        "ALTER EVENT e ON SCHEDULE AT SYSDATE() ON COMPLETION PRESERVE | ordered TIME",
        "ALTER EVENT e DO SELECT UUID() | ordered TIME",
        "CREATE PROCEDURE Lockstep_run_1() SELECT 1 | refused",
        "CREATE FUNCTION lockstep_run_1() RETURNS INT RETURN 1 | ordered TIME",
        "TRUNCATE t | ordered",
      })
  void a_definition_has_its_verdict(String sql, String expected) {
    assertEquals(expected, brief(judge(sql)));
  }

  @Test
  void a_table_that_only_the_second_reading_finds_is_a_disagreement() {
    Statement statement =
        Classifier.read(Bytes.utf8("INSERT INTO p (id) SELECT a FROM pair"), Dialect.DEFAULT);
    Statement blind =
        new Statement(
            statement.sql(),
            statement.dialect(),
            statement.tokens(),
            statement.type(),
            Facts.NONE,
            false);
    assertTrue(new SecondReading().agrees(statement));
    assertEquals(false, new SecondReading().agrees(blind));
  }

  @Test
  void rows_without_an_id_draw_one() {
    IdDraw draw = draw("INSERT INTO t (k) VALUES (1), (2), (3)");
    assertEquals(3, draw.drawn());
    assertTrue(draw.explicitMax().isEmpty());
    assertEquals("id", draw.column());
  }

  @Test
  void null_zero_and_default_draw_but_not_under_no_auto_value_on_zero() {
    String sql = "INSERT INTO t VALUES (NULL, 1, 'a', 'b'), (0, 1, 'a', 'b'), (DEFAULT, 1, 2, 3)";
    assertEquals(3, draw(sql).drawn());
    Verdict verdict = judge(sql, Dialect.of("NO_AUTO_VALUE_ON_ZERO", 101100));
    assertEquals(2, ((Verdict.Ordered) verdict).ids().orElseThrow().drawn());
  }

  @Test
  void explicit_ids_are_reported_and_mixed_rows_are_read_again() {
    IdDraw explicit = draw("INSERT INTO t (k, id) VALUES ((1), 7), (2, '40'), (3, -5)");
    assertEquals(0, explicit.drawn());
    assertEquals(40, explicit.explicitMax().orElseThrow());
    assertEquals(false, explicit.reread());
    assertTrue(draw("INSERT INTO t (id) VALUES (NULL), (10), (NULL)").reread());
    assertTrue(draw("INSERT INTO t (id) VALUES (1+1)").reread());
    assertEquals(9, draw("INSERT INTO t SET k=1, id=9").explicitMax().orElseThrow());
    assertEquals(1, draw("INSERT INTO t SET k=1").drawn());
    assertEquals(1, draw("REPLACE t VALUES ()").drawn());
  }

  @Test
  void ids_named_before_the_first_that_is_drawn_lead_it() {
    assertEquals(
        9, draw("INSERT INTO t (id) VALUES (4), (9), (NULL), (20)").leading().orElseThrow());
    assertEquals(
        20, draw("INSERT INTO t (id) VALUES (4), (9), (NULL), (20)").explicitMax().orElseThrow());
    assertTrue(draw("INSERT INTO t (id) VALUES (NULL), (9)").leading().isEmpty());
  }

  @Test
  void an_update_of_the_id_is_read_again_and_one_of_other_columns_is_not() {
    IdDraw literal = draw("UPDATE t SET k = 1, id = 70 WHERE id = 3");
    assertEquals(0, literal.drawn());
    assertEquals(70, literal.explicitMax().orElseThrow());
    assertTrue(literal.reread());
    IdDraw computed = draw("UPDATE t SET id = id + 10 WHERE id = 3");
    assertTrue(computed.explicitMax().isEmpty());
    assertTrue(computed.reread());
    assertTrue(draw("INSERT INTO t (id) VALUES (7) ON DUPLICATE KEY UPDATE id = 90").reread());
    assertEquals(
        Optional.empty(), ((Verdict.Ordered) judge("UPDATE t SET k = 1 WHERE id = 3")).ids());
    assertEquals(Optional.empty(), ((Verdict.Ordered) judge("DELETE FROM t WHERE id = 3")).ids());
  }

  @Test
  void what_only_the_gateway_knows_is_written_out() {
    Verdict verdict =
        judge(
            "INSERT INTO p VALUES (USER(), CURRENT_USER, current_user(), 'USER()') -- CURRENT_ROLE");
    assertEquals(
        "INSERT INTO p VALUES ('app@10.0.0.7', 'app@%', 'app@%', 'USER()') -- CURRENT_ROLE",
        ((Verdict.Ordered) verdict).sql().utf8());
  }

  @Test
  void a_fresh_value_is_written_out_once_per_call() {
    String sql =
        ((Verdict.Ordered) judge("INSERT INTO p (id, v) VALUES (1, UUID()), (UUID_SHORT(), 2)"))
            .sql()
            .utf8();
    assertTrue(
        sql.matches(
            "INSERT INTO p \\(id, v\\) VALUES \\(1, '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-"
                + "[89ab][0-9a-f]{3}-[0-9a-f]{12}'\\), \\([0-9]+, 2\\)"),
        sql);
  }
}
