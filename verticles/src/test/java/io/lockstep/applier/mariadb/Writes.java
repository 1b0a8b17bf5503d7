package io.lockstep.applier.mariadb;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.Setting;
import io.lockstep.model.Step;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.model.WriteKind;
import java.util.List;
import java.util.Optional;

/** Writes for these tests. */
final class Writes {
  private static final NodeId NODE = new NodeId("n1");

  private Writes() {}

  static Write write(String schema, String sql, boolean foundRows, Setting... context) {
    return new Write(
        new WriteId(SessionId.ofConnection(1, 1), 1),
        WriteKind.DML,
        NODE,
        NODE,
        new Account("app", "%"),
        Seq.NONE,
        List.of(new Step.Statement(schema, List.of(context), Bytes.utf8(sql), Optional.empty())),
        foundRows);
  }

  static Step.Statement statement(String sql, Setting... context) {
    return write(sql, context).statement();
  }

  static Step.Statement statement(String schema, String sql, boolean foundRows) {
    return write(schema, sql, foundRows).statement();
  }

  static Write write(String sql, Setting... context) {
    return write("shop", sql, false, context);
  }
}
