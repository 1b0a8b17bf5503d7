package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.Parameter;
import io.lockstep.mysql.ParameterDecoder;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
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

  /** The backend has heard of the types of the last execution that named them. */
  private boolean typesThere;

  private boolean longData;
  private Optional<StatementClass.ScopedSetting> scope = Optional.empty();

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

  /** The settings that it was prepared with, for each of its executions. */
  Optional<StatementClass.ScopedSetting> scope() {
    return scope;
  }

  /** {@code whole}: what the client prepared, of which this may be what runs inside. */
  void within(Statement whole) {
    if (statement.type() instanceof StatementClass.Call
        && whole.type() instanceof StatementClass.ScopedSetting settings) {
      scope = Optional.of(settings);
    }
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

  /** The values of an execution's parameters, whether or not the backend gets it. */
  List<Parameter> values(Buffer payload) {
    typesThere &= !namesTypes(payload);
    Buffer whole = withTypes(payload);
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
    boolean known = typesThere && !typesUnknown && !namesTypes(payload);
    Buffer command = known ? payload.copy() : withTypes(payload);
    typesThere = true;
    return command.setIntLE(1, (int) idThere);
  }

  /** Where an execution says whether it names the types of its parameters. */
  private int flag() {
    return PARAMETERS + (parameters + 7) / 8;
  }

  private boolean namesTypes(Buffer payload) {
    return parameters > 0 && payload.length() > flag() && payload.getByte(flag()) == 1;
  }

  private Buffer withTypes(Buffer payload) {
    int flag = flag();
    if (namesTypes(payload)) {
      types = payload.getBuffer(flag + 1, Math.min(payload.length(), flag + 1 + 2 * parameters));
      return payload.copy();
    }
    if (types.length() == 0 || payload.length() <= flag) {
      return payload.copy();
    }
    return payload
        .getBuffer(0, flag)
        .appendByte((byte) 1)
        .appendBuffer(types)
        .appendBuffer(payload.getBuffer(flag + 1, payload.length()));
  }

  /** Any other command that begins with the id. */
  static Buffer command(Buffer payload, long idThere) {
    Buffer command = payload.copy();
    command.setIntLE(1, (int) idThere);
    return command;
  }
}
