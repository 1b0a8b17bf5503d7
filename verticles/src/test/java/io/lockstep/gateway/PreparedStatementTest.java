package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.model.Bytes;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.Dialect;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PreparedStatementTest {
  private final PreparedStatement statement =
      new PreparedStatement(
          7, Classifier.readOne(Bytes.utf8("SELECT ?"), Dialect.DEFAULT), 1, true, 100);

  /** An INT of one byte; its type is named only if it is new. */
  private static Buffer execution(boolean named, int value) {
    Buffer head = Buffer.buffer().appendByte((byte) 0x17).appendIntLE(7).appendByte((byte) 0);
    head.appendIntLE(1).appendByte((byte) 0).appendByte((byte) (named ? 1 : 0));
    Buffer typed = named ? head.appendByte((byte) 1).appendByte((byte) 0) : head;
    return typed.appendByte((byte) value);
  }

  private static Buffer at(long id, Buffer execution) {
    return execution.copy().setIntLE(1, (int) id);
  }

  @Test
  void goes_to_the_backend_as_it_came() {
    assertEquals(at(3, execution(true, 5)), statement.execution(execution(true, 5), 3, false));
    assertEquals(at(3, execution(false, 6)), statement.execution(execution(false, 6), 3, false));
  }

  @Test
  void goes_with_its_types_where_another_backend_has_not_heard_of_them() {
    statement.execution(execution(true, 5), 3, false);
    assertEquals(at(4, execution(true, 6)), statement.execution(execution(false, 6), 4, true));
  }

  /** What was run as text told the backend nothing. */
  @Test
  void goes_with_its_types_where_an_execution_before_has_not_gone_there() {
    statement.execution(execution(true, 5), 3, false);
    assertEquals(1, statement.values(execution(true, 6)).size());
    assertEquals(at(3, execution(true, 7)), statement.execution(execution(false, 7), 3, false));
    assertEquals(at(3, execution(false, 8)), statement.execution(execution(false, 8), 3, false));
  }
}
