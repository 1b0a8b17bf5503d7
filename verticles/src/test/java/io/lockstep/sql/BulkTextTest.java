package io.lockstep.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.model.Bytes;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BulkTextTest {
  private static final List<List<Literal>> ROWS =
      List.of(
          List.of(Literal.Whole.of(1), new Literal.Text(Bytes.utf8("a'b"))),
          List.of(new Literal.Null(), new Literal.Default()));

  @Test
  void rows_of_an_insert_share_one_statement() {
    assertEquals(
        List.of("INSERT INTO t (a, b) VALUES ( 1,  'a''b'),( NULL,  DEFAULT)"),
        texts("INSERT INTO t (a, b) VALUES (?, ?)", 1_000));
    assertEquals(
        List.of("REPLACE t VALUES (f( 1), 'c',  'a''b'),(f( NULL), 'c',  DEFAULT)"),
        texts("REPLACE t VALUES (f(?), 'c', ?)", 1_000));
  }

  @Test
  void what_follows_the_rows_stands_once() {
    assertEquals(
        List.of(
            "INSERT IGNORE t VALUE ( 1,  'a''b'),( NULL,  DEFAULT) ON DUPLICATE KEY UPDATE n = n + 1"),
        texts("INSERT IGNORE t VALUE (?, ?) ON DUPLICATE KEY UPDATE n = n + 1", 1_000));
  }

  @Test
  void a_statement_that_grew_long_is_followed_by_another() {
    assertEquals(
        List.of("INSERT INTO t VALUES ( 1,  'a''b')", "INSERT INTO t VALUES ( NULL,  DEFAULT)"),
        texts("INSERT INTO t VALUES (?, ?)", 40));
  }

  @Test
  void anything_else_is_a_statement_for_each_row() {
    assertEquals(
        List.of(
            "UPDATE t SET b = 'x' WHERE a = 1 AND c =  'a''b'".replace("= 1", "=  1"),
            "UPDATE t SET b = 'x' WHERE a =  NULL AND c =  DEFAULT"),
        texts("UPDATE t SET b = 'x' WHERE a = ? AND c = ?", 1_000));
    assertEquals(2, texts("INSERT INTO t VALUES (1, ?), (2, ?)", 1_000).size());
    assertEquals(2, texts("INSERT INTO t SELECT ?, ?", 1_000).size());
    assertEquals(2, texts("INSERT INTO t VALUES (?) ON DUPLICATE KEY UPDATE n = ?", 1_000).size());
  }

  private static List<String> texts(String sql, int bytesMax) {
    Statement statement = Classifier.read(Bytes.utf8(sql), Dialect.DEFAULT);
    return new BulkText(statement, bytesMax).of(ROWS).stream().map(Bytes::utf8).toList();
  }
}
