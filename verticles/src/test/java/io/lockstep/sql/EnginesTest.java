package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.model.Bytes;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EnginesTest {
  @Test
  void a_table_of_an_engine_that_stores_rows_becomes_one_of_InnoDB() {
    assertEquals(
        "CREATE TABLE t (a INT) ENGINE=InnoDB", replaced("CREATE TABLE t (a INT) ENGINE=MyISAM"));
    assertEquals(
        "create table t (a int) engine InnoDB", replaced("create table t (a int) engine heap"));
    assertEquals(
        "CREATE OR REPLACE TABLE t (a INT) Engine = InnoDB COMMENT 'x'",
        replaced("CREATE OR REPLACE TABLE t (a INT) Engine = 'memory' COMMENT 'x'"));
    assertEquals("ALTER TABLE t ENGINE=InnoDB", replaced("ALTER TABLE t ENGINE=`Aria`"));
    assertEquals(
        "CREATE TEMPORARY TABLE t (a INT) ENGINE=InnoDB",
        replaced("CREATE TEMPORARY TABLE t (a INT) ENGINE=MyISAM"));
    assertEquals(
        "CREATE TABLE t (a INT) ROW_FORMAT=DEFAULT ENGINE=InnoDB",
        replaced("CREATE TABLE t (a INT) ROW_FORMAT=FIXED ENGINE=MyISAM"));
    assertEquals("CREATE SEQUENCE s ENGINE=InnoDB", replaced("CREATE SEQUENCE s ENGINE=Aria"));
    assertUnchanged("CREATE TABLE t (a INT) ROW_FORMAT=FIXED ENGINE=InnoDB");
  }

  @Test
  void so_does_each_partition() {
    assertEquals(
        "CREATE TABLE t (a INT) PARTITION BY LIST (a) (PARTITION p VALUES IN (1) ENGINE=InnoDB,"
            + " PARTITION q VALUES IN (2) ENGINE=InnoDB)",
        replaced(
            "CREATE TABLE t (a INT) PARTITION BY LIST (a) (PARTITION p VALUES IN (1) ENGINE=MyISAM,"
                + " PARTITION q VALUES IN (2) ENGINE=InnoDB)"));
  }

  @Test
  void an_engine_that_does_something_else_stays_and_is_refused_by_the_server() {
    assertUnchanged("CREATE TABLE t (a INT) ENGINE=MERGE UNION=(u)");
    assertUnchanged("CREATE TABLE t (a INT) ENGINE=BLACKHOLE");
    assertUnchanged("CREATE TABLE t (a INT) ENGINE=NoSuchEngine");
  }

  @Test
  void what_only_looks_like_an_engine_stays() {
    assertUnchanged("CREATE TABLE t (engine VARCHAR(9) DEFAULT 'MyISAM')");
    assertUnchanged("CREATE TABLE t (a INT COMMENT 'ENGINE=MyISAM')");
    assertUnchanged("INSERT INTO t VALUES ('ENGINE=MyISAM')");
    assertUnchanged("CREATE PROCEDURE p() SELECT 1 AS `table`, engine = 'MyISAM' FROM t");
    assertUnchanged("CREATE VIEW v AS TABLE t");
    assertUnchanged("CREATE /* a TABLE */ VIEW v AS SELECT engine = 'MyISAM' FROM t");
    assertUnchanged(
        "CREATE TRIGGER table AFTER INSERT ON t FOR EACH ROW SET @a = (engine = 'CSV')");
    assertUnchanged("CREATE PROCEDURE p() CREATE TEMPORARY TABLE t (a INT) ENGINE=MyISAM");
  }

  private static void assertUnchanged(String sql) {
    assertEquals(sql, replaced(sql));
  }

  private static String replaced(String sql) {
    return Engines.replaced(Classifier.read(Bytes.utf8(sql), Dialect.DEFAULT)).sql().utf8();
  }
}
