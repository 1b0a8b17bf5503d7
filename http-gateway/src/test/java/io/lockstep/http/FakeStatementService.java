package io.lockstep.http;

import io.lockstep.gateway.ClientErrorException;
import io.lockstep.gateway.Identity;
import io.lockstep.gateway.KeyReusedException;
import io.lockstep.gateway.RowSink;
import io.lockstep.gateway.StatementRequest;
import io.lockstep.gateway.StatementResult;
import io.lockstep.gateway.StatementService;
import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.model.Seq;
import io.lockstep.model.SessionId;
import io.lockstep.model.WriteId;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A database of prepared answers that keeps the promises of the port about idempotent writes. */
final class FakeStatementService implements StatementService {
  interface Script {
    Future<StatementResult> run(StatementRequest request, RowSink rows);
  }

  private record First(WriteId id, StatementResult result) {}

  final List<StatementRequest> executed = new CopyOnWriteArrayList<>();
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final Map<SessionId, First> firsts = new ConcurrentHashMap<>();

  /** What happens when a statement that begins so is executed. */
  void when(String prefix, Script script) {
    scripts.put(prefix, script);
  }

  void fails(String prefix, Throwable failure) {
    when(prefix, (request, rows) -> Future.failedFuture(failure));
  }

  static StatementResult done(long affected, long lastInsertId, long seq) {
    return new StatementResult(
        new Outcome.Done(affected, lastInsertId, 0, "", 2, List.of(), List.of()),
        new Seq(seq),
        false);
  }

  @Override
  public Future<Identity> authenticate(String user, String password, String clientAddress) {
    boolean right = user.equals("root") ? password.isEmpty() : password.equals("geheim ü");
    if (!right) {
      return Future.failedFuture(
          new ClientErrorException(
              new MySqlError(1045, "28000", "Access denied for user '" + user + "'")));
    }
    return Future.succeededFuture(
        new Identity(new Account(user, "localhost"), user, clientAddress, Bytes.EMPTY));
  }

  @Override
  public Future<StatementResult> execute(StatementRequest request, RowSink rows) {
    Optional<First> first =
        request.idempotent().flatMap(id -> Optional.ofNullable(firsts.get(id.session())));
    if (first.isPresent()) {
      return first.get().id().equals(request.idempotent().orElseThrow())
          ? Future.succeededFuture(replayed(first.get().result()))
          : Future.failedFuture(new KeyReusedException());
    }
    executed.add(request);
    String sql = request.sql().utf8();
    Script script =
        scripts.entrySet().stream()
            .filter(entry -> sql.startsWith(entry.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse((any, sink) -> Future.succeededFuture(done(1, 0, 7)));
    return script
        .run(request, rows)
        .onSuccess(
            result ->
                request
                    .idempotent()
                    .ifPresent(id -> firsts.put(id.session(), new First(id, result))));
  }

  private static StatementResult replayed(StatementResult result) {
    return new StatementResult(result.outcome(), result.token(), true);
  }
}
