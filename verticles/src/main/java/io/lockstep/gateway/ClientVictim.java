package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.vertx.core.Context;
import java.util.Optional;

/** A client's session as KILL sees it. */
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
          if (queryOnly) {
            killQuery();
          } else {
            client.leave();
          }
        });
  }

  /** A second connection as the same user tells the database; what is not running needs none. */
  private void killQuery() {
    Session session = client.session();
    Optional<Backend> backend = session.mastership().current().filter(Backend::open);
    backend.ifPresent(
        running -> {
          long id = running.connection().greeting().connectionId();
          session
              .mastership()
              .another()
              .compose(
                  second -> second.query(Bytes.utf8("KILL QUERY " + id)).eventually(second::quit));
        });
  }
}
