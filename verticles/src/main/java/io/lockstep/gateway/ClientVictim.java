package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.ClientProcess;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;

/** A client's session as KILL and SHOW PROCESSLIST see it. */
final class ClientVictim implements Connections.Victim {
  private final ClientSession client;
  private final Context context;

  ClientVictim(ClientSession client) {
    this.client = client;
    this.context = client.parts().vertx().getOrCreateContext();
  }

  @Override
  public String user() {
    return client.session().identity().user();
  }

  @Override
  public void kill(boolean queryOnly) {
    context.runOnContext(
        here -> {
          boolean forTables = client.session().tables().interrupt();
          boolean waited = client.session().locks().interrupt() || forTables;
          if (!waited && !client.activity().idle()) {
            killAtMaster(queryOnly ? "KILL QUERY " : "KILL ");
          }
          if (!queryOnly) {
            client.leave();
          }
        });
  }

  @Override
  public Future<ClientProcess> process(int infoLengthMax) {
    Promise<ClientProcess> promise = Promise.promise();
    context.runOnContext(here -> promise.complete(client.process(infoLengthMax)));
    return promise.future();
  }

  /** A second connection as the same user tells the database; what is not running needs none. */
  private void killAtMaster(String verb) {
    Session session = client.session();
    session.state().interrupted(true);
    Optional<Backend> backend = session.mastership().current().filter(Backend::open);
    backend.ifPresent(
        running -> {
          long id = running.connection().greeting().connectionId();
          session
              .mastership()
              .another()
              .compose(second -> second.query(Bytes.utf8(verb + id)).eventually(second::quit));
        });
  }
}
