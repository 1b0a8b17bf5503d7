package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.model.Bytes;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UsedTablesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "SELECT * FROM t > t",
        "SELECT * FROM t a JOIN d.u AS b ON a.x = b.x, v WHERE v.x IN (SELECT x FROM t) > t=a u=b v t",
        "SELECT * FROM t PARTITION (p) a LEFT JOIN u USING (x) > t=a u",
        "SELECT * FROM (SELECT * FROM t) x > t",
        "WITH c AS (SELECT * FROM t) SELECT * FROM c > t",
        "SELECT * FROM t FOR UPDATE > t",
        "SELECT * FROM t UNION SELECT * FROM u b > t u=b",
        "INSERT INTO t VALUES (1) > t!",
        "INSERT IGNORE INTO d.t (a) SELECT a FROM t > t! t",
        "REPLACE t SET a = (SELECT 1 FROM u) > t! u",
        "UPDATE t a SET a.x = 1 WHERE 1 IN (SELECT 1 FROM u) > t=a! u",
        "UPDATE LOW_PRIORITY t SET x = 1 LIMIT 1 > t!",
        "UPDATE t a, u SET a.x = u.x > t=a! u",
        "DELETE FROM t WHERE x IN (SELECT x FROM u) > t! u",
        "DELETE b FROM t b JOIN u ON b.x = u.x > t=b! u",
        "DELETE t FROM t JOIN u USING (x) WHERE x = 1 > t! u",
        "DELETE QUICK FROM t USING t JOIN u USING (x) > t! u",
        "DELETE FROM b USING t AS b, u WHERE b.x = u.x > t=b! u",
        "DO (SELECT 1 FROM t) > t",
        "SET @a = (SELECT 1 FROM t) > t",
        "EXPLAIN SELECT * FROM t > t",
        "LOAD DATA LOCAL INFILE 'f' INTO TABLE t > t!",
        "SHOW CREATE TABLE d.t > t",
        "SHOW COLUMNS FROM t > ''",
        "DESCRIBE t > ''",
        "SELECT 1 > ''",
      })
  void a_statement_uses_its_tables_by_their_aliases(String sql, String expected) {
    String uses =
        UsedTables.of(Classifier.read(Bytes.utf8(sql), Dialect.DEFAULT)).stream()
            .map(
                use ->
                    use.table().name()
                        + (use.alias().equals(use.table().name()) ? "" : "=" + use.alias())
                        + (use.written() ? "!" : ""))
            .collect(Collectors.joining(" "));
    assertEquals(expected, uses);
  }
}
