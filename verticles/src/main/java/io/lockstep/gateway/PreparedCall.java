package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The execution of a CALL that a client has prepared; another procedure in its place is prepared
 * for it alone. Lives on its session's context.
 */
final class PreparedCall implements CallRun.Sending {
  private static final MySqlError PIECES =
      MySqlError.notSupported(
          "parameters sent in pieces to a stored procedure that ends transactions; send them whole");

  private final PreparedStatement statement;
  private final Buffer payload;
  private final Function<Backend, Future<Buffer>> execution;
  private OptionalLong instead = OptionalLong.empty();

  /**
   * @param execution the command for the statement as the client prepared it
   */
  PreparedCall(
      PreparedStatement statement, Buffer payload, Function<Backend, Future<Buffer>> execution) {
    this.statement = statement;
    this.payload = payload;
    this.execution = execution;
  }

  @Override
  public Future<Buffer> asItIs(Backend backend) {
    return execution.apply(backend);
  }

  @Override
  public Future<Buffer> instead(Backend backend, Bytes sql) {
    if (statement.hasLongData()) {
      return Future.failedFuture(new ClientErrorException(PIECES));
    }
    return backend
        .connection()
        .prepare(sql)
        .map(
            prepared -> {
              instead = OptionalLong.of(prepared.statementId());
              return statement.execution(payload, prepared.statementId(), true);
            });
  }

  @Override
  public void answered(Backend backend) {
    instead.ifPresent(backend.connection()::closeStatement);
    instead = OptionalLong.empty();
  }
}
