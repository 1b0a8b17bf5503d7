package io.lockstep.gateway;

import io.lockstep.model.TableName;
import io.lockstep.mysql.Reply;
import io.lockstep.sql.Facts;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;

/**
 * Runs what the client calls.
 *
 * @param temporary the temporary tables that it may change
 * @param programs what it mentions
 */
record CallAsItIs(
    SessionTransaction transaction,
    CallRun.Sending sending,
    HiddenDefinitions hidden,
    Set<TableName> temporary,
    List<Facts> programs)
    implements CapturedWriting.Form {
  @Override
  public Future<Buffer> command(Backend backend) {
    return hidden.before(backend).compose(looked -> sending.asItIs(backend));
  }

  @Override
  public Future<Void> answered(Backend backend, Reply reply) {
    transaction.journal().temporary().once(temporary);
    return hidden.nothing();
  }
}
