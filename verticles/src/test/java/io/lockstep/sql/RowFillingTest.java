package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.model.Bytes;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RowFillingTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALTER TABLE t ADD u CHAR(36) DEFAULT UUID()|true|true",
        "ALTER TABLE t MODIFY u DOUBLE DEFAULT (RAND())|true|true",
        "ALTER TABLE t ADD id INT AUTO_INCREMENT PRIMARY KEY|true|false",
        "ALTER TABLE t ADD id SERIAL|true|false",
        "ALTER TABLE t AUTO_INCREMENT = 7|false|false",
        "ALTER TABLE t ADD UNIQUE INDEX uuid (uuid), ADD INDEX IF NOT EXISTS rand (rand)|false|false",
        "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES uuid (a)|false|false",
        "ALTER TABLE t ADD d DATETIME DEFAULT NOW()|false|false",
      })
  void a_definition_gives_rows_what_differs(String sql, boolean without, boolean with) {
    RowFilling filling = new RowFilling(Classifier.readOne(Bytes.utf8(sql), Dialect.DEFAULT));
    assertEquals(without, filling.differing(false).isPresent());
    assertEquals(with, filling.differing(true).isPresent());
  }
}
