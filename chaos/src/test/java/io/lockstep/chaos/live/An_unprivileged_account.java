package io.lockstep.chaos.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Through Lockstep it may do what the database itself would let it do, and gets its errors. */
@Tag("live")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class An_unprivileged_account {
  private static final List<String> CONTENT =
      List.of(
          "CHECKSUM TABLE vault.t",
          "SELECT schema_name FROM information_schema.schemata ORDER BY 1",
          "SELECT table_schema, table_name, create_time FROM information_schema.tables"
              + " WHERE table_schema NOT IN ('information_schema','performance_schema','lockstep')"
              + " ORDER BY 1, 2",
          "SELECT routine_schema, routine_name, definer, last_altered"
              + " FROM information_schema.routines WHERE routine_schema <> 'sys' ORDER BY 1, 2",
          "SELECT trigger_schema, trigger_name, definer FROM information_schema.triggers"
              + " WHERE trigger_schema <> 'sys' ORDER BY 1, 2",
          "SELECT event_schema, event_name FROM information_schema.events ORDER BY 1, 2",
          "SELECT host, user, priv FROM mysql.global_priv ORDER BY 1, 2",
          "SELECT db, user, host, select_priv, insert_priv FROM mysql.db ORDER BY 1, 2, 3",
          "SELECT @@GLOBAL.max_connections, @@GLOBAL.read_only, @@GLOBAL.innodb_stats_persistent");

  private OneNode node;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node = OneNode.start(folder);
    try (Connection root = node.root()) {
      OneNode.run(
          root,
          "CREATE DATABASE vault",
          "CREATE DATABASE own",
          "CREATE TABLE vault.t (id INT PRIMARY KEY, owner VARCHAR(90))",
          "INSERT INTO vault.t VALUES (1, 'root')",
          "CREATE VIEW vault.v AS SELECT id, owner FROM vault.t",
          "CREATE PROCEDURE vault.p() SELECT 1",
          "CREATE FUNCTION vault.f() RETURNS INT RETURN 1",
          "CREATE TRIGGER vault.r BEFORE UPDATE ON vault.t FOR EACH ROW SET NEW.owner = 'r'",
          "CREATE USER 'plain'@'%' IDENTIFIED BY 'secret'",
          "CREATE USER 'owner'@'%' IDENTIFIED BY 'secret'",
          "GRANT ALL PRIVILEGES ON own.* TO 'owner'@'%'",
          "CREATE ROLE keeper");
    }
  }

  @AfterAll
  void end() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM vault.t",
        "SELECT * FROM vault.v",
        "SELECT vault.f()",
        "INSERT INTO vault.t VALUES (2, 'x')",
        "INSERT INTO vault.v VALUES (2, 'x')",
        "UPDATE vault.t SET owner = 'x' WHERE id = 1",
        "DELETE FROM vault.t WHERE id = 1",
        "REPLACE INTO vault.t VALUES (1, 'x')",
        "TRUNCATE TABLE vault.t",
        "CREATE TABLE vault.n (a INT)",
        "CREATE OR REPLACE TABLE vault.t (a INT)",
        "CREATE TABLE vault.n LIKE vault.t",
        "ALTER TABLE vault.t ADD b INT",
        "RENAME TABLE vault.t TO vault.t2",
        "DROP TABLE vault.t",
        "CREATE INDEX i ON vault.t (owner)",
        "CREATE VIEW vault.w AS SELECT 1",
        "DROP VIEW vault.v",
        "CREATE PROCEDURE vault.q() SELECT 1",
        "CREATE FUNCTION vault.g() RETURNS INT RETURN 1",
        "DROP PROCEDURE vault.p",
        "DROP FUNCTION vault.f",
        "ALTER PROCEDURE vault.p COMMENT 'x'",
        "DROP TRIGGER vault.r",
        "DROP TRIGGER vault.missing",
        "DROP TRIGGER IF EXISTS vault.r",
        "CREATE TRIGGER vault.s BEFORE INSERT ON vault.t FOR EACH ROW SET NEW.owner = 's'",
        "CREATE DATABASE another",
        "DROP DATABASE vault",
        "ALTER DATABASE vault CHARACTER SET latin1",
        "CREATE USER 'x'@'%'",
        "DROP USER 'owner'@'%'",
        "ALTER USER 'owner'@'%' IDENTIFIED BY 'x'",
        "RENAME USER 'owner'@'%' TO 'thief'@'%'",
        "CREATE ROLE x",
        "SET PASSWORD FOR 'owner'@'%' = PASSWORD('x')",
        "GRANT SELECT ON vault.* TO 'plain'@'%'",
        "GRANT ALL ON *.* TO 'plain'@'%'",
        "REVOKE ALL PRIVILEGES ON own.* FROM 'owner'@'%'",
        "GRANT keeper TO 'plain'@'%'",
        "REVOKE keeper FROM root@localhost",
        "FLUSH PRIVILEGES",
        "SET GLOBAL innodb_stats_persistent = 0",
        "SET GLOBAL max_connections = 3",
        "UPDATE mysql.global_priv SET priv = '{}'",
        "INSERT INTO mysql.db (db, user, host) VALUES ('vault', 'plain', '%')"
      })
  void is_denied_with_the_databases_own_error_and_changes_nothing(String sql) throws Exception {
    List<String> before = content();
    int direct = codeOf(node.atDatabase("plain", "secret"), sql);
    int here = codeOf(node.as("plain", "secret"), sql);
    assertNotEquals(0, direct, "the database refuses it");
    assertEquals(direct, here);
    assertEquals(before, content());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE DEFINER=root@localhost VIEW own.v1 AS SELECT * FROM vault.t",
        "CREATE DEFINER=root@localhost PROCEDURE own.p1() DELETE FROM vault.t",
        "CREATE DEFINER=root@localhost FUNCTION own.f1() RETURNS INT RETURN 1",
        "CREATE DEFINER=root@localhost TRIGGER own.r1 BEFORE INSERT ON own.mine FOR EACH ROW"
            + " SET NEW.a = 1",
        "CREATE VIEW own.v2 AS SELECT * FROM vault.t",
        "CREATE TABLE own.n1 LIKE vault.t",
        "CREATE TABLE own.n2 (id INT, FOREIGN KEY (id) REFERENCES vault.t (id))",
        "ALTER TABLE own.mine RENAME vault.mine",
        "INSERT INTO own.mine SELECT id FROM vault.t ORDER BY id",
        "UPDATE own.mine SET a = (SELECT MAX(id) FROM vault.t)",
        "DELETE FROM own.mine WHERE a IN (SELECT id FROM vault.t)",
        "GRANT SELECT ON own.* TO 'plain'@'%'"
      })
  void cannot_reach_anothers_tables_through_its_own(String sql) throws Exception {
    try (Connection owner = node.as("owner", "secret")) {
      OneNode.run(owner, "CREATE TABLE IF NOT EXISTS own.mine (a INT PRIMARY KEY)");
    }
    List<String> before = content();
    int direct = codeOf(node.atDatabase("owner", "secret"), sql);
    int here = codeOf(node.as("owner", "secret"), sql);
    assertNotEquals(0, direct, "the database refuses it");
    assertEquals(direct, here);
    assertEquals(before, content());
  }

  @Test
  void writes_its_own_name_where_a_write_asks_for_the_current_user() throws Exception {
    try (Connection owner = node.as("owner", "secret")) {
      OneNode.run(
          owner,
          "CREATE TABLE own.names (id INT PRIMARY KEY, a VARCHAR(90), b VARCHAR(90))",
          "INSERT INTO own.names VALUES (1, CURRENT_USER(), USER())",
          "CREATE TABLE own.audit (id INT PRIMARY KEY, a VARCHAR(90))",
          "CREATE TRIGGER own.audited BEFORE INSERT ON own.audit FOR EACH ROW"
              + " SET NEW.a = CURRENT_USER()",
          "INSERT INTO own.audit VALUES (1, '')");
      List<String> names = OneNode.rows(owner, "SELECT CURRENT_USER(), USER()");
      assertEquals(names, OneNode.rows(owner, "SELECT a, b FROM own.names"));
      assertEquals("owner@%", names.get(0).split("\\|", -1)[0]);
      assertEquals(List.of("owner@%"), OneNode.rows(owner, "SELECT a FROM own.audit"));
      assertEquals(
          List.of("owner@%"),
          OneNode.rows(
              owner,
              "SELECT definer FROM information_schema.triggers"
                  + " WHERE trigger_name = 'audited'"));
    }
  }

  @Test
  void owns_the_roles_that_it_makes_and_gives_them_on() throws Exception {
    try (Connection root = node.root();
        Connection owner = node.as("owner", "secret")) {
      OneNode.run(
          root,
          "CREATE ROLE kept",
          "SET ROLE kept",
          "SET ROLE NONE",
          "CREATE ROLE given WITH ADMIN 'owner'@'%'",
          "GRANT kept TO 'owner'@'%'");
      assertEquals(1698, OneNode.error(root, "GRANT given TO 'plain'@'%'"));
      assertEquals(1698, OneNode.error(owner, "GRANT kept TO 'plain'@'%'"));
      OneNode.run(owner, "GRANT given TO 'plain'@'%'");
      assertEquals(
          List.of("owner|given|Y", "owner|kept|N", "plain|given|N", "root|kept|Y"),
          OneNode.rows(
              root,
              "SELECT user, role, admin_option FROM mysql.roles_mapping"
                  + " WHERE role <> 'keeper' ORDER BY 1, 2"));
      OneNode.run(owner, "REVOKE given FROM 'plain'@'%'");
      OneNode.run(root, "DROP ROLE kept, given");
      assertEquals(
          List.of(), OneNode.rows(root, "SELECT routine_name FROM mysql.procs_priv ORDER BY 1"));
    }
  }

  @Test
  void drops_the_triggers_of_a_table_for_which_it_may_make_them() throws Exception {
    try (Connection root = node.root();
        Connection owner = node.as("owner", "secret")) {
      OneNode.run(
          root,
          "CREATE TABLE vault.watched (id INT PRIMARY KEY)",
          "GRANT TRIGGER ON vault.watched TO 'owner'@'%'");
      OneNode.run(
          owner,
          "CREATE TRIGGER vault.w BEFORE INSERT ON vault.watched FOR EACH ROW SET NEW.id = 1",
          "DROP TRIGGER vault.w");
      assertEquals(1142, OneNode.error(owner, "DROP TRIGGER vault.r"));
      assertEquals(1360, OneNode.error(owner, "DROP TRIGGER vault.w"));
      OneNode.run(owner, "DROP TRIGGER IF EXISTS vault.w");
      OneNode.run(
          owner,
          "CREATE TRIGGER vault.R BEFORE INSERT ON vault.watched FOR EACH ROW SET NEW.id = 1");
      assertEquals(1142, OneNode.error(owner, "DROP TRIGGER vault.r"));
      OneNode.run(owner, "DROP TRIGGER vault.R");
      OneNode.run(
          root, "DROP TABLE vault.watched", "REVOKE TRIGGER ON vault.watched FROM 'owner'@'%'");
    }
  }

  /** With other errors than the database's: Lockstep checks less finely, or for everyone. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET GLOBAL read_only = 1",
        "INSERT INTO own.open VALUES (1, 'x')",
        "INSERT INTO own.closed VALUES (1, 'x')"
      })
  void is_refused_what_Lockstep_does_not_let_through(String sql) throws Exception {
    try (Connection root = node.root()) {
      OneNode.run(
          root,
          "CREATE OR REPLACE SQL SECURITY DEFINER VIEW own.open AS SELECT id, owner FROM vault.t",
          "CREATE OR REPLACE SQL SECURITY INVOKER VIEW own.closed AS SELECT id, owner FROM vault.t");
    }
    List<String> before = content();
    assertNotEquals(0, codeOf(node.as("owner", "secret"), sql));
    assertEquals(before, content());
  }

  private static int codeOf(Connection connection, String sql) throws SQLException {
    try (Connection open = connection) {
      return OneNode.error(open, sql);
    }
  }

  private List<String> content() throws SQLException {
    try (Connection root = node.root()) {
      List<String> content = new ArrayList<>();
      for (String query : CONTENT) {
        content.addAll(OneNode.rows(root, query));
      }
      return content;
    }
  }
}
