package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.RelaySink;
import io.lockstep.mysql.ReplySummary;
import io.lockstep.mysql.ResultSet;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BinaryAnswerTest {
  private final List<MySqlError> errors = new ArrayList<>();

  @Test
  void a_result_that_cannot_be_kept_is_refused_with_the_way_out() {
    Bytes any = Bytes.utf8("x");
    new BinaryAnswer(new Errors()).packets(Collections.nCopies(ResultSet.ROWS_MAX + 4, any));
    assertEquals(List.of(1235), errors.stream().map(MySqlError::code).toList());
    assertTrue(errors.get(0).message().contains("send it as text"), errors::toString);
  }

  /** Where errors alone are expected. */
  private final class Errors implements Answer {
    @Override
    public void error(MySqlError error) {
      errors.add(error);
    }

    @Override
    public void ok(OkPacket ok) {
      throw new AssertionError("an OK");
    }

    @Override
    public void packets(List<Bytes> payloads) {
      throw new AssertionError("a result");
    }

    @Override
    public Optional<RelaySink> stream() {
      return Optional.empty();
    }

    @Override
    public Future<Void> streamed(ReplySummary summary) {
      throw new AssertionError("a stream");
    }

    @Override
    public boolean begun() {
      return false;
    }
  }
}
