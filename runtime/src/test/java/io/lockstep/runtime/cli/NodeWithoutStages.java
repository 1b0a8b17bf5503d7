package io.lockstep.runtime.cli;

import io.lockstep.runtime.NodeRunner;
import io.lockstep.runtime.config.NodeConfig;
import io.lockstep.runtime.database.DatabaseAccess;
import io.lockstep.runtime.database.DatabaseChoice;
import io.lockstep.runtime.database.NodeDatabase;
import io.lockstep.runtime.tls.TlsFiles;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/** A node that is a database and a health check, for tests of what is around the stages. */
public final class NodeWithoutStages implements NodeRunner {
  private final Vertx vertx = Vertx.vertx();

  private NodeWithoutStages() {}

  public static void main(String[] arguments) {
    var program = new ThisProgram(NodeWithoutStages.class);
    System.exit(LockstepCommand.assemble(new NodeWithoutStages(), program).execute(arguments));
  }

  @Override
  public Future<Running> start(NodeConfig config) {
    var ended = Promise.<Void>promise();
    var database = DatabaseChoice.of(vertx, config, text -> {});
    return vertx
        // As a node does: the database uses the certificate as well.
        .executeBlocking(() -> TlsFiles.ready(config))
        .compose(certificate -> startDatabase(database, ended))
        .compose(
            access ->
                vertx
                    .createHttpServer()
                    .requestHandler(request -> request.response().end())
                    .listen(config.http().port(), config.http().host()))
        .map(
            server ->
                new Running() {
                  @Override
                  public Future<Void> ended() {
                    return ended.future();
                  }

                  @Override
                  public Future<Void> stop() {
                    return server.close().eventually(database::stop);
                  }
                });
  }

  private static Future<DatabaseAccess> startDatabase(NodeDatabase database, Promise<Void> ended) {
    return database.start(
        new NodeDatabase.Listener() {
          @Override
          public void up(DatabaseAccess access) {}

          @Override
          public void down(String reason) {}

          @Override
          public void failed(Throwable cause) {
            ended.tryFail(cause);
          }
        });
  }
}
