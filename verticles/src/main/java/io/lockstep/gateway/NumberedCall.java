package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import io.lockstep.mysql.Reply;
import io.lockstep.sql.CommittingProcedures;
import io.lockstep.sql.Facts;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A call whose statements draw AUTO_INCREMENT ids. Alone it runs as usual, once; if others were
 * faster, lately or now, and in a transaction, in its place runs a procedure that is told its ids,
 * which were taken from the order before. Lives on its session's context.
 */
final class NumberedCall implements CapturedWriting.Form {
  private final Session session;
  private final FoundCall found;
  private final CapturedWriting.Form usual;
  private final Function<FoundCall, CallInstead> instead;
  private final Supplier<Future<Optional<MySqlError>>> denied;
  private final CallIds ids;
  private final boolean always;
  private final Duplicates duplicates = new Duplicates();
  private Optional<CallInstead> numbered = Optional.empty();
  private int tries;

  /**
   * @param usual how it runs else
   * @param instead the call of what stands for it
   * @param denied why the client may not call it, if so: of what stands for it nobody would say
   */
  NumberedCall(
      Session session,
      FoundCall found,
      CapturedWriting.Form usual,
      Function<FoundCall, CallInstead> instead,
      Supplier<Future<Optional<MySqlError>>> denied) {
    this.session = session;
    this.found = found;
    this.usual = usual;
    this.instead = instead;
    this.denied = denied;
    this.ids = new CallIds(session, found);
    this.always = session.transaction().journals();
  }

  CallIds ids() {
    return ids;
  }

  @Override
  public Future<Buffer> command(Backend backend) {
    numbered = Optional.empty();
    if (++tries > 1) {
      ids.areContended();
    }
    return always || ids.contended()
        ? denied
            .get()
            .compose(error -> error.isPresent() ? usual.command(backend) : numbered(backend))
        : usual.command(backend);
  }

  /** Where nothing can stand for it, it runs as usual. */
  private Future<Buffer> numbered(Backend backend) {
    return CommittingProcedures.behind(
            found.called(), session.parts().catalogue(), found.at().definitionsSeq(), false, true)
        .map(all -> new FoundCall(found.called(), all, found.at(), found.caller()))
        .map(instead)
        .compose(
            call ->
                call.command(backend)
                    .compose(sent -> ids.give(backend).map(sent))
                    .onSuccess(sent -> numbered = Optional.of(call)))
        .recover(
            cause ->
                cause instanceof ClientErrorException
                    ? usual.command(backend)
                    : Future.failedFuture(cause));
  }

  private CapturedWriting.Form current() {
    return numbered.<CapturedWriting.Form>map(one -> one).orElse(usual);
  }

  @Override
  public Future<Reply> send(Backend backend, Buffer command) {
    return current().send(backend, command);
  }

  @Override
  public void heard(Reply reply) {
    if (reply.failure().filter(Duplicates::isOne).isPresent()) {
      ids.more();
    }
  }

  @Override
  public List<Facts> programs() {
    return usual.programs();
  }

  @Override
  public boolean canBeRunAgain() {
    return usual.canBeRunAgain();
  }

  @Override
  public boolean leavesOpen() {
    return usual.leavesOpen();
  }

  @Override
  public MySqlError overtaken() {
    return usual.overtaken();
  }

  @Override
  public Future<Void> answered(Backend backend, Reply reply) {
    return settled(backend)
        .compose(
            enough ->
                enough
                    ? current().answered(backend, reply)
                    : Future.failedFuture(new ClientErrorException(MySqlError.deadlock())));
  }

  @Override
  public Future<Boolean> settled(Backend backend, BranchAnswer given) {
    if (numbered.isPresent() && duplicates.doubtful(given.error())) {
      ids.more();
      return Future.succeededFuture(false);
    }
    return settled(backend);
  }

  private Future<Boolean> settled(Backend backend) {
    // Where that cannot be asked any more, it is found out when the rows are ordered.
    return numbered.isPresent()
        ? ids.enough(backend).otherwise(true)
        : Future.succeededFuture(true);
  }

  @Override
  public String told(String message) {
    return current().told(message);
  }
}
