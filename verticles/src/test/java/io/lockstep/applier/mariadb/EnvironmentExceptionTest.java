package io.lockstep.applier.mariadb;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.MySqlError;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EnvironmentExceptionTest {
  private static MySqlError rename(String why) {
    return new MySqlError(1025, "HY000", "Error on rename of './d/t' to './d/r' (" + why + ")");
  }

  @Test
  void an_engine_that_does_not_find_a_table_may_find_it_soon() {
    MySqlError gone = rename("errno: 155 \"The table does not exist in the storage engine\"");
    assertTrue(EnvironmentException.mayPass(gone));
    assertFalse(EnvironmentException.isEnvironment(gone));
  }

  @Test
  void a_foreign_key_that_does_not_fit_stays_as_it_is() {
    MySqlError key = rename("errno: 150 \"Foreign key constraint is incorrectly formed\"");
    assertFalse(EnvironmentException.mayPass(key));
    assertFalse(EnvironmentException.isEnvironment(key));
  }

  @Test
  void a_full_disk_is_no_outcome() {
    assertTrue(EnvironmentException.isEnvironment(rename("errno: 28 \"No space left on device\"")));
  }
}
