package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.sql.StatementClass.Read;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ClassifierTest {
  private static Statement read(String sql) {
    return Classifier.read(Bytes.utf8(sql), Dialect.DEFAULT);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "SELECT 1 | Read",
        "select c from sbtest1 where id=5 | Read",
        "(SELECT 1) UNION (SELECT 2) | Read",
        "WITH x AS (SELECT 1) SELECT * FROM x | Read",
        "VALUES (1),(2) | Read",
        "SHOW TABLES | Read",
        "DESC t | Read",
        "EXPLAIN UPDATE t SET a=1 | Read",
        "ANALYZE SELECT 1 | Read",
        "ANALYZE UPDATE t SET a=1 | Call",
        "ANALYZE FORMAT=JSON DELETE FROM t | Call",
        "EXPLAIN ANALYZE UPDATE t SET a=1 | Call",
        "BEGIN NOT ATOMIC INSERT INTO t VALUES (1) | Call",
        "FOR i IN 1..3 DO INSERT INTO t VALUES (i) | Call",
        "COMMIT AND CHAIN RELEASE | Refused",
        "ROLLBACK WORK AND NO CHAIN RELEASE | TransactionControl",
        "ANALYZE TABLE t | Maintenance",
        "CHECK TABLE t | Read",
        "DO 1 | Read",
        "HANDLER t OPEN | Read",
        "SELECT NEXTVAL(s) | Read",
        "SELECT NEXT VALUE FOR s | Read",
        "SELECT 1 INTO OUTFILE '/tmp/x' | Refused",
        "SELECT a INTO @x FROM t | Read",
        "SET STATEMENT max_statement_time=1 FOR SELECT 1 | Read",
        "SET STATEMENT max_statement_time=1 FOR DELETE FROM t | ScopedSetting",
        "INSERT INTO t VALUES (1) | Dml",
        "REPLACE t VALUES (1) | Dml",
        "UPDATE t SET a=1 | Dml",
        "DELETE FROM t | Dml",
        "LOAD DATA INFILE 'x' INTO TABLE t | Refused",
        "LOAD DATA LOCAL INFILE 'x' INTO TABLE t | Load",
        "LOAD DATA LOW_PRIORITY LOCAL INFILE 'x' IGNORE INTO TABLE d.t (a, @b) SET b=@b+1 | Load",
        "LOAD XML LOCAL INFILE 'x' INTO TABLE t | Load",
        "CALL p() | Call",
        "CREATE TABLE t (a INT) | Definition",
        "CREATE OR REPLACE TABLE t (a INT) | Definition",
        "CREATE TEMPORARY TABLE t (a INT) | TemporaryTable",
        "DROP TEMPORARY TABLE t | TemporaryTable",
        "CREATE UNIQUE INDEX i ON t (a) | Definition",
        "DROP TABLE IF EXISTS t | Definition",
        "RENAME TABLE a TO b | Definition",
        "TRUNCATE t | Definition",
        "ALTER TABLE t ADD b INT | Definition",
        "CREATE DATABASE d | Definition",
        "CREATE SEQUENCE s | Definition",
        "CREATE EVENT e ON SCHEDULE EVERY 1 HOUR DO DELETE FROM t | Definition",
        "ALTER EVENT e DISABLE | Definition",
        "DROP EVENT e | Definition",
        "CREATE USER u | AccountChange",
        "DROP ROLE r | AccountChange",
        "RENAME USER a TO b | AccountChange",
        "GRANT SELECT ON *.* TO u | AccountChange",
        "SET PASSWORD = PASSWORD('x') | AccountChange",
        "SET DEFAULT ROLE r | AccountChange",
        "SET NAMES utf8mb4 | SessionSetting",
        "SET autocommit=0 | SessionSetting",
        "SET @x = 5 | SessionSetting",
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY | SessionSetting",
        "USE `a b` | UseSchema",
        "BEGIN | TransactionControl",
        "BEGIN WORK AND MORE | Refused",
        "START TRANSACTION READ ONLY | TransactionControl",
        "COMMIT AND CHAIN | TransactionControl",
        "ROLLBACK TO SAVEPOINT a | TransactionControl",
        "XA START 'x' | TransactionControl",
        "PREPARE s FROM 'SELECT 1' | TextPrepare",
        "EXECUTE s USING @a, @b | TextExecute",
        "EXECUTE IMMEDIATE 'SELECT 1' | TextExecute",
        "DEALLOCATE PREPARE s | TextDeallocate",
        "DROP PREPARE s | TextDeallocate",
        "LOCK TABLES t WRITE | Locking",
        "LOCK TABLE `d`.t AS a READ LOCAL, u LOW_PRIORITY WRITE, v b WRITE CONCURRENT WAIT 3 | Locking",
        "LOCK TABLES t | Refused",
        "LOCK TABLES t READ, | Refused",
        "UNLOCK TABLES | Locking",
        "UNLOCK TABLES t | Refused",
        "FLUSH TABLES t, u WITH READ LOCK | Locking",
        "FLUSH TABLES WITH READ LOCK | Locking",
        "FLUSH PRIVILEGES | Maintenance",
        "OPTIMIZE TABLE t | Maintenance",
        "KILL QUERY 5 | Kill",
        "SHUTDOWN | Refused",
        "/* only a comment */ | Empty",
        "-- only a comment | Empty",
        "/*!40101 SET NAMES utf8 */ | SessionSetting",
        "/*!40000 ALTER TABLE `t` DISABLE KEYS */ | Definition",
        "/*!999999 DROP TABLE t */ | Empty",
        "/*!50701 DROP TABLE t */ | Empty",
        "/*M!100100 DROP TABLE t */ | Definition",
        "SELECT 1; DROP TABLE t | Refused",
        "DELETE FROM t; | Dml",
        "CREATE PROCEDURE p() SELECT 1; DROP TABLE t | Refused",
        "SELEKT 1 | Refused",
        "SELECT 'abc | Refused",
      })
  void a_statement_has_its_class(String sql, String expected) {
    assertEquals(expected, read(sql).type().getClass().getSimpleName());
  }

  @Test
  void the_locking_clause_is_found_where_it_can_be_cut_out() {
    String sql = "SELECT * FROM t WHERE a=1 FOR UPDATE NOWAIT";
    Read read = (Read) read(sql).type();
    TextRange range = read.lockingClause().orElseThrow();
    assertEquals("FOR UPDATE NOWAIT", sql.substring(range.start(), range.end()));
    assertFalse(((Read) read("SELECT 1").type()).locking());
  }

  @Test
  void tables_are_found_wherever_they_stand() {
    Facts facts =
        read("WITH c AS (SELECT * FROM a) SELECT EXTRACT(DAY FROM x) FROM c, `s`.`b` y JOIN (d, e)"
                + " ON (y.i = d.i), f WHERE z IN (SELECT q FROM g LEFT JOIN h USING (k, l))")
            .facts();
    assertEquals(
        List.of("a", "b", "d", "e", "f", "g", "h"),
        facts.tables().stream().map(TableRef::name).toList());
  }

  @Test
  void a_function_that_is_not_built_in_is_reported() {
    assertTrue(read("SELECT myfunc(1)").facts().callsUnknownFunction());
    assertTrue(read("SELECT `count`(1)").facts().callsUnknownFunction());
    assertFalse(
        read("SELECT COUNT(*), CONCAT('a', LEFT(b, 1)) FROM t WHERE a IN (1,2) AND (b)")
            .facts()
            .callsUnknownFunction());
  }

  @Test
  void user_variables_are_told_apart_by_what_happens_to_them() {
    Facts facts = read("SELECT @a, @b := 1, c INTO @`D`, @e FROM t").facts();
    assertEquals(java.util.Set.of("a"), facts.userVariablesRead());
    assertEquals(java.util.Set.of("b", "d", "e"), facts.userVariablesAssigned());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "CREATE VIEW v AS SELECT 1|CREATE DEFINER=`u`@`h%` VIEW v AS SELECT 1",
        "CREATE OR REPLACE SQL SECURITY INVOKER VIEW v AS SELECT 1"
            + "|CREATE OR REPLACE DEFINER=`u`@`h%` SQL SECURITY INVOKER VIEW v AS SELECT 1",
        "CREATE DEFINER=CURRENT_USER() FUNCTION f() RETURNS INT RETURN 1"
            + "|CREATE DEFINER=`u`@`h%` FUNCTION f() RETURNS INT RETURN 1",
        "CREATE DEFINER=`root`@`localhost` TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET @a=1"
            + "|CREATE DEFINER=`root`@`localhost` TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET"
            + " @a=1",
        "/*!50003 CREATE*/ /*!50017 DEFINER=root @ localhost*/ /*!50003 TRIGGER x BEFORE INSERT ON"
            + " t FOR EACH ROW SET @a=1 */|/*!50003 CREATE*/ /*!50017 DEFINER=root @ localhost*/"
            + " /*!50003 TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET @a=1 */",
        "/*!50001 CREATE ALGORITHM=UNDEFINED */ /*!50001 VIEW `v` AS SELECT 1 */"
            + "|/*!50001 CREATE ALGORITHM=UNDEFINED */ /*!50001 DEFINER=`u`@`h%` VIEW `v` AS SELECT"
            + " 1 */",
        "CREATE TABLE t (a INT)|CREATE TABLE t (a INT)",
      })
  void an_object_without_definer_gets_the_clients_account(String sql, String expected) {
    assertEquals(expected, Definers.withDefiner(read(sql), new Account("u", "h%")).utf8());
  }

  @Test
  void statements_are_split_outside_strings_comments_and_stored_programs() {
    String trigger =
        "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN IF NEW.a IS NULL THEN SET NEW.a=1;"
            + " END IF; CASE WHEN 1 THEN SET @x=IF(1,2,3); END CASE; END";
    assertEquals(
        List.of("SELECT ';' -- ;\n", " SELECT 2", trigger, "SELECT 3"),
        StatementSplitter.split(
                Bytes.utf8("SELECT ';' -- ;\n; SELECT 2;" + trigger + ";SELECT 3;"),
                Dialect.DEFAULT)
            .stream()
            .map(Bytes::utf8)
            .toList());
  }

  @Test
  void a_call_of_if_opens_no_block_of_a_stored_program() {
    String procedure =
        "CREATE PROCEDURE p() BEGIN SELECT CASE 1 WHEN 1 THEN IF(1, (2), 3) ELSE 4 END;"
            + " IF (1, 2) IN ((1, 2)) THEN SELECT 5; END IF; END";
    assertEquals(
        List.of(procedure, " SELECT 6"),
        StatementSplitter.split(Bytes.utf8(procedure + "; SELECT 6"), Dialect.DEFAULT).stream()
            .map(Bytes::utf8)
            .toList());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "USE d",
        "BEGIN",
        "START TRANSACTION READ ONLY",
        "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
        "SET autocommit=1",
        "SET @a='x'",
        "SET GLOBAL sort_buffer_size=2000000",
        "KILL 7",
        "PREPARE p FROM 'SELECT 1'",
        "INSERT INTO t VALUES (';')",
        "CREATE PROCEDURE p() BEGIN SELECT 1; END"
      })
  void semicolons_behind_a_statement_are_no_part_of_it(String sql) {
    StatementClass type = read(sql).type();
    for (String end : List.of(";", " ; ", ";;\n", "; -- done", ";\t/* done */ ")) {
      Statement ended = read(sql + end);
      assertEquals(type, ended.type(), end);
      assertEquals(sql, ended.sql().utf8().strip(), end);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '\0',
      value = {"KILL QUERY 5 /* by app */, 5", "KILL HARD CONNECTION '7' -- app, '7'"})
  void what_is_to_be_killed_ends_before_a_comment(String sql, String target) {
    StatementClass.Kill kill = assertInstanceOf(StatementClass.Kill.class, read(sql).type());
    assertEquals(target, sql.substring(kill.target().start(), kill.target().end()));
  }

  @Test
  void what_the_server_took_for_one_statement_is_read_as_one() {
    Bytes text = Bytes.utf8("CREATE PROCEDURE p() BEGIN x(); END; y");
    assertEquals(StatementClass.Refused.SEVERAL, Classifier.read(text, Dialect.DEFAULT).type());
    assertInstanceOf(
        StatementClass.Definition.class, Classifier.readOne(text, Dialect.DEFAULT).type());
  }

  @Test
  void the_text_of_a_prepared_statement_may_be_an_expression() {
    StatementClass.TextPrepare string =
        (StatementClass.TextPrepare) read("PREPARE s FROM 'SELECT 1'").type();
    assertEquals(Optional.of(Bytes.utf8("SELECT 1")), string.text().literal());
    StatementClass.TextPrepare computed =
        (StatementClass.TextPrepare) read("PREPARE s FROM CONCAT('SELECT ', @a)").type();
    assertEquals(Optional.empty(), computed.text().literal());
    assertEquals(Bytes.utf8("CONCAT('SELECT ', @a)"), computed.text().expression());
  }

  @Test
  void a_set_statement_is_taken_apart() {
    StatementClass.SessionSetting set =
        (StatementClass.SessionSetting)
            read("SET @OLD=@@SQL_MODE, SESSION sql_mode='A,B', @@global.x=1, NAMES utf8mb4"
                    + " COLLATE utf8mb4_bin, autocommit=IF(1,0,1)")
                .type();
    assertEquals(5, set.assignments().size());
    assertEquals(
        new Assignment.UserVariable("old", Bytes.utf8("@@SQL_MODE")), set.assignments().get(0));
    assertTrue(set.assigns("sql_mode"));
    assertTrue(set.assigns("autocommit"));
    assertTrue(set.assignments().get(2).isGlobal());
    assertEquals(new Assignment.Names("utf8mb4", "utf8mb4_bin"), set.assignments().get(3));
  }

  /** Lengths and escapes as a 10.11 shows them. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "CALL `ab\uD83D\uDE00c`() | ab\\xF0\\x9F\\x98\\x80c",
        "SELECT xyz\uD83D\uDE00uvw FROM t | xyz\\xF0\\x9F\\x98\\x80uvw",
        "SELECT @`\uD83D\uDE00` | \\xF0\\x9F\\x98\\x80",
        "SELECT 1 AS `aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee\uD83D\uDE00fffff`"
            + " | aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee\\xF0\\x9F\\x9..."
      })
  void no_name_has_a_character_of_four_bytes(String sql, String shown) {
    Statement statement = read(sql);
    assertEquals(
        new StatementClass.Refused(
            1300, "HY000", "Invalid utf8mb4 character string: '" + shown + "'"),
        statement.type());
    assertTrue(statement.unparsed());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t VALUES ('\uD83D\uDE00')",
        "CREATE TABLE t (a INT) COMMENT '\uD83D\uDE00' -- \uD83D\uDE00",
        "SELECT 1 AS `\u65E5\u672C`"
      })
  void strings_and_comments_have_any_character(String sql) {
    assertFalse(read(sql).type() instanceof StatementClass.Refused, sql);
  }
}
