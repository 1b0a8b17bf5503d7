package io.lockstep.gateway.grants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.Dialect;
import io.lockstep.sql.SessionFacts;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RightsTest {
  private static final SessionFacts SESSION =
      new SessionFacts("d", new Account("u", "%"), "u@localhost", Optional.empty(), Seq.NONE);
  private static final String NOTHING = "GRANT USAGE ON *.* TO `u`@`%`";
  private static final String EVERYTHING =
      "GRANT ALL PRIVILEGES ON *.* TO `u`@`%` WITH GRANT OPTION";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CREATE TABLE t (a INT) | 1142 | CREATE",
        "CREATE OR REPLACE TABLE t (a INT) | 1142 | CREATE, DROP",
        "CREATE VIEW v AS SELECT 1 | 1142 | CREATE VIEW",
        "ALTER TABLE t ADD b INT | 1142 | ALTER",
        "ALTER TABLE t RENAME TO t2 | 1142 | ALTER, DROP, CREATE, INSERT",
        "ALTER TABLE t DROP PARTITION p | 1142 | ALTER, DROP",
        "ALTER TABLE t EXCHANGE PARTITION p WITH TABLE u | 1142 | ALTER, DROP, INSERT, CREATE",
        "DROP TABLE t | 1142 | DROP",
        "DROP VIEW v | 1142 | DROP",
        "TRUNCATE TABLE t | 1142 | DROP",
        "RENAME TABLE t TO t2 | 1142 | ALTER, DROP, CREATE, INSERT",
        "CREATE INDEX i ON t (a) | 1142 | INDEX",
        "DROP INDEX i ON t | 1142 | INDEX",
        "CREATE DATABASE d | 1044 | CREATE",
        "ALTER DATABASE d CHARACTER SET utf8mb4 | 1044 | ALTER",
        "DROP DATABASE d | 1044 | DROP",
        "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1 | 1142 | TRIGGER",
        "DROP TRIGGER r | 1142 | TRIGGER",
        "CREATE PROCEDURE p() SELECT 1 | 1044 | CREATE ROUTINE",
        "CREATE FUNCTION f() RETURNS INT RETURN 1 | 1044 | CREATE ROUTINE",
        "DROP PROCEDURE p | 1370 | ALTER ROUTINE",
        "ALTER FUNCTION f COMMENT 'x' | 1370 | ALTER ROUTINE",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1 | 1044 | EVENT",
        "ALTER EVENT e DISABLE | 1044 | EVENT",
        "ALTER EVENT e RENAME TO f | 1044 | EVENT",
        "DROP EVENT e | 1044 | EVENT"
      })
  void a_definition_needs_the_privileges_of_the_manual(String sql, int denial, String needed) {
    assertEquals(denial, definition(sql, NOTHING).orElseThrow().code());
    assertTrue(definition(sql, on(needed)).isEmpty(), "all of " + needed + " suffice");
    for (String left : needed.split(", ", -1)) {
      String rest = needed.replaceFirst("(, )?\\b" + left + "\\b(?! [A-Z])", "");
      String fewer = rest.startsWith(", ") ? rest.substring(2) : rest;
      String grants = fewer.isBlank() ? NOTHING : on(fewer);
      assertTrue(definition(sql, grants).isPresent(), "without " + left);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CREATE DEFINER=root@localhost VIEW v AS SELECT 1",
        "CREATE DEFINER=root@localhost PROCEDURE p() SELECT 1",
        "CREATE DEFINER=root@localhost FUNCTION f() RETURNS INT RETURN 1",
        "CREATE DEFINER=root@localhost EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1",
        "ALTER DEFINER=root@localhost EVENT e DISABLE",
        "CREATE DEFINER=root@localhost TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1"
      })
  void nobody_makes_another_account_the_definer_without_a_privilege_for_it(String sql) {
    String all = "GRANT ALL PRIVILEGES ON `d`.* TO `u`@`%`";
    assertEquals(1227, definition(sql, all).orElseThrow().code());
    assertTrue(definition(sql, all, "GRANT SET USER ON *.* TO `u`@`%`").isEmpty());
    assertTrue(definition(sql.replace("root@localhost", "u@`%`"), all).isEmpty());
    assertTrue(definition(sql.replace("root@localhost", "CURRENT_USER()"), all).isEmpty());
  }

  @Test
  void an_event_that_is_renamed_needs_its_privilege_in_both_schemas() {
    String sql = "ALTER EVENT e RENAME TO x.f";
    assertEquals(1044, definition(sql, on("EVENT")).orElseThrow().code());
    assertTrue(definition(sql, on("EVENT"), "GRANT EVENT ON `x`.* TO `u`@`%`").isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CREATE USER x",
        "DROP USER x",
        "ALTER USER x IDENTIFIED BY 'y'",
        "RENAME USER x TO y",
        "CREATE ROLE x",
        "DROP ROLE x",
        "SET PASSWORD FOR x = PASSWORD('y')",
        "SET DEFAULT ROLE r FOR x",
        "GRANT SELECT ON d.* TO x",
        "GRANT SELECT (a) ON d.t TO x",
        "GRANT EXECUTE ON PROCEDURE d.p TO x",
        "GRANT ALL ON *.* TO x",
        "REVOKE SELECT ON d.* FROM x",
        "REVOKE ALL PRIVILEGES, GRANT OPTION FROM x"
      })
  void a_change_of_accounts_is_denied_to_an_account_without_privileges(String sql) {
    assertTrue(account(sql, NOTHING).isPresent());
    assertTrue(account(sql, "GRANT ALL PRIVILEGES ON `d`.* TO `u`@`%`").isPresent());
    assertTrue(account(sql, EVERYTHING).isEmpty());
  }

  @Test
  void only_held_privileges_with_the_grant_option_are_passed_on() {
    String grants = "GRANT SELECT ON `d`.* TO `u`@`%` WITH GRANT OPTION";
    assertTrue(account("GRANT SELECT ON d.* TO x", grants).isEmpty());
    assertTrue(account("GRANT SELECT ON d.t TO x", grants).isEmpty());
    assertTrue(account("GRANT SELECT, INSERT ON d.* TO x", grants).isPresent());
    assertTrue(account("GRANT SELECT ON e.* TO x", grants).isPresent());
    assertTrue(account("GRANT SELECT ON *.* TO x", grants).isPresent());
    assertTrue(account("GRANT SELECT ON d.* TO x IDENTIFIED BY 'y'", grants).isPresent());
    assertTrue(account("GRANT ALL ON d.* TO x", grants).isPresent());
  }

  @Test
  void only_a_proxy_of_anyone_with_the_grant_option_makes_others_proxies() {
    String sql = "GRANT PROXY ON root TO x";
    assertEquals(1698, account(sql, EVERYTHING).orElseThrow().code());
    assertTrue(account(sql, "GRANT PROXY ON ''@'%' TO 'u'@'%'").isPresent());
    assertTrue(account(sql, "GRANT PROXY ON 'a'@'%' TO 'u'@'%' WITH GRANT OPTION").isPresent());
    assertTrue(account(sql, "GRANT PROXY ON ''@'%' TO 'u'@'%' WITH GRANT OPTION").isEmpty());
  }

  @Test
  void an_account_may_change_its_own_password_and_is_named_in_the_order() {
    Statement own = read("SET PASSWORD = PASSWORD('y')");
    AccountRights rights = new AccountRights(Grants.parse(List.of(NOTHING)), SESSION);
    assertTrue(rights.missing(own).isEmpty());
    assertEquals("SET PASSWORD FOR `u`@`%`  = PASSWORD('y')", rights.written(own).latin1());
  }

  @Test
  void current_user_is_written_out_where_an_applier_would_mean_itself() {
    AccountRights rights = new AccountRights(Grants.parse(List.of(EVERYTHING)), SESSION);
    assertEquals(
        "ALTER USER `u`@`%` IDENTIFIED BY 'y'",
        rights.written(read("ALTER USER CURRENT_USER() IDENTIFIED BY 'y'")).latin1());
  }

  @Test
  void who_may_give_a_role_on_the_databases_say() {
    assertTrue(account("GRANT r, s TO x WITH ADMIN OPTION", NOTHING).isEmpty());
    assertTrue(account("REVOKE ADMIN OPTION FOR r FROM x", NOTHING).isEmpty());
  }

  @Test
  void the_current_role_is_named_in_what_is_ordered() {
    assertEquals(
        "SET DEFAULT ROLE `r``x` FOR `u`@`%`",
        written("SET DEFAULT ROLE CURRENT_ROLE() FOR CURRENT_USER", Optional.of("r`x")));
    assertEquals(
        "SET DEFAULT ROLE `r` FOR `u`@`%`",
        written("SET DEFAULT ROLE CURRENT_ROLE", Optional.of("r")));
    assertEquals(
        "SET DEFAULT ROLE NONE FOR `u`@`%`",
        written("SET DEFAULT ROLE CURRENT_ROLE", Optional.empty()));
    assertEquals(
        "GRANT SELECT ON d.* TO `r`",
        written("GRANT SELECT ON d.* TO CURRENT_ROLE", Optional.of("r")));
  }

  private static String written(String sql, Optional<String> role) {
    SessionFacts facts =
        new SessionFacts(
            SESSION.schema(), SESSION.account(), SESSION.user(), role, SESSION.definitions());
    Grants all = Grants.parse(List.of(EVERYTHING));
    return new AccountRights(all, facts).written(read(sql)).latin1();
  }

  @Test
  void a_schema_pattern_covers_what_the_server_says_it_covers() {
    Grants grants = Grants.parse(List.of("GRANT DROP ON `d\\_1%`.* TO `u`@`%`"));
    assertTrue(grants.schema("DROP", "d_1x"));
    assertTrue(!grants.schema("DROP", "dx1"));
  }

  @Test
  void a_privilege_on_a_column_is_none_on_the_table() {
    Grants grants = Grants.parse(List.of("GRANT SELECT (`a`), UPDATE ON `d`.`t` TO `u`@`%`"));
    assertTrue(!grants.table("SELECT", "d", "t"));
    assertTrue(grants.table("UPDATE", "d", "t"));
  }

  private static String on(String privileges) {
    return "GRANT " + privileges + " ON `d`.* TO `u`@`%`";
  }

  private static Optional<MySqlError> definition(String sql, String... grants) {
    Statement statement = read(sql);
    StatementClass.Definition definition = (StatementClass.Definition) statement.type();
    return new DefinitionRights(Grants.parse(List.of(grants)), SESSION)
        .missing(statement, definition, Optional.of(new TableName("d", "t")));
  }

  private static Optional<MySqlError> account(String sql, String grants) {
    return new AccountRights(Grants.parse(List.of(grants)), SESSION).missing(read(sql));
  }

  private static Statement read(String sql) {
    return Classifier.read(Bytes.utf8(sql), Dialect.DEFAULT);
  }

  @Test
  void nobody_needs_a_privilege_for_the_own_default_role() {
    assertTrue(account("SET DEFAULT ROLE r FOR u@'%'", NOTHING).isEmpty());
    assertEquals(1044, account("SET DEFAULT ROLE r FOR u@localhost", NOTHING).orElseThrow().code());
  }
}
