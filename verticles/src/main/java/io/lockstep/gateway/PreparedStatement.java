package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.Parameter;
import io.lockstep.mysql.ParameterDecoder;
import io.lockstep.sql.Statement;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * One statement that a client prepared in the binary protocol. A read lives at the backend under an
 * id of its own there, and is prepared again on another master; anything else lives here and is run
 * as text with its parameters written in.
 */
final class PreparedStatement {
  /** Where the null bitmap of an execution begins: code, id, flags, iterations. */
  private static final int PARAMETERS = 10;

  private final long id;
  private final Statement statement;
  private final int parameters;
  private final boolean relayed;
  private final ParameterDecoder decoder;
  private Optional<Backend> backend = Optional.empty();
  private long backendId;
  private boolean locksThere;
  private Buffer types = Buffer.buffer();
  private boolean longData;

  PreparedStatement(
      long id, Statement statement, int parameters, boolean relayed, long longDataMax) {
    this.id = id;
    this.statement = statement;
    this.parameters = parameters;
    this.relayed = relayed;
    this.decoder = new ParameterDecoder(parameters, longDataMax);
  }

  long id() {
    return id;
  }

  Statement statement() {
    return statement;
  }

  /** Whether executions go to the backend. */
  boolean relayed() {
    return relayed;
  }

  ParameterDecoder decoder() {
    return decoder;
  }

  /** The id there of a form that is not wanted any more. */
  Optional<Long> outdatedAt(Backend where) {
    return backend.filter(known -> known == where).map(known -> backendId);
  }

  /** {@code locks}: with its locking clause, which autocommit leaves out. */
  void preparedAt(Backend where, boolean locks, long idThere) {
    backend = Optional.of(where);
    locksThere = locks;
    backendId = idThere;
  }

  /** The id at this backend; empty when it has to be prepared there first. */
  Optional<Long> idAt(Backend where, boolean locks) {
    boolean same = locks == locksThere || Reading.lockingClause(statement).isEmpty();
    return backend.filter(known -> known == where && same).map(known -> backendId);
  }

  /** The values of an execution's parameters. */
  List<Parameter> values(Buffer payload) {
    Buffer whole = execution(payload, 0, true);
    return new ParameterDecoder(parameters, 0)
        .decode(whole.getBuffer(Math.min(PARAMETERS, whole.length()), whole.length()));
  }

  /** Pieces of a parameter were sent to the backend and would be lost with it. */
  void hasLongData(boolean has) {
    longData = has;
  }

  boolean hasLongData() {
    return longData;
  }

  Bytes sql() {
    return statement.sql();
  }

  /**
   * The execution as the backend is to get it: under its id there, and with the parameters' types
   * if it has not heard of them.
   */
  Buffer execution(Buffer payload, long idThere, boolean typesUnknown) {
    Buffer command = payload.copy();
    command.setIntLE(1, (int) idThere);
    int flag = PARAMETERS + (parameters + 7) / 8;
    if (parameters == 0 || command.length() <= flag) {
      return command;
    }
    if (command.getByte(flag) == 1) {
      types = command.getBuffer(flag + 1, Math.min(command.length(), flag + 1 + 2 * parameters));
      return command;
    }
    if (!typesUnknown || types.length() == 0) {
      return command;
    }
    return command
        .getBuffer(0, flag)
        .appendByte((byte) 1)
        .appendBuffer(types)
        .appendBuffer(command.getBuffer(flag + 1, command.length()));
  }

  /** Any other command that begins with the id. */
  static Buffer command(Buffer payload, long idThere) {
    Buffer command = payload.copy();
    command.setIntLE(1, (int) idThere);
    return command;
  }
}
