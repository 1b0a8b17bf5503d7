package io.lockstep.http;

import io.lockstep.gateway.Identity;
import io.lockstep.gateway.StatementRequest;
import io.lockstep.gateway.StatementService;
import io.lockstep.model.Bytes;
import io.lockstep.model.Seq;
import io.lockstep.model.WriteId;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Executes one statement for one request, on the request's context. */
final class StatementHandler implements Handler<RoutingContext> {
  /** The two ways to send a statement. */
  enum Mode {
    EXECUTE,
    QUERY;

    /** What a client must believe when the time is over. */
    Problem late(HttpBounds bounds) {
      String detail = "it took longer than " + bounds.statementTime().toSeconds() + " s";
      return this == QUERY
          ? Problem.of(ProblemType.TIMEOUT, detail)
          : Problem.of(
              ProblemType.OUTCOME_UNKNOWN,
              detail + "; send it again under its Idempotency-Key to learn its outcome");
    }
  }

  private final Vertx vertx;
  private final StatementService service;
  private final Authentication authentication;
  private final Admission admission;
  private final HttpBounds bounds;
  private final Mode mode;

  StatementHandler(
      Vertx vertx,
      StatementService service,
      Authentication authentication,
      Admission admission,
      HttpBounds bounds,
      Mode mode) {
    this.vertx = vertx;
    this.service = service;
    this.authentication = authentication;
    this.admission = admission;
    this.bounds = bounds;
    this.mode = mode;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    authentication
        .of(request)
        .compose(identity -> execute(context, identity))
        .onFailure(
            failure -> {
              if (!request.response().ended()) {
                context.fail(failure);
              }
            });
  }

  private Future<Void> execute(RoutingContext context, Identity identity) {
    Buffer content = Optional.ofNullable(context.body().buffer()).orElseGet(Buffer::buffer);
    StatementBody body = StatementBodyReader.read(content);
    StatementRequest statement = request(context.request(), identity, body);
    Answer answer =
        new Answer(
            context.response(),
            AnswerForm.of(context.request()),
            body.bigNumbersAsText(),
            bounds.rowsMax());
    admission.enter();
    long timer =
        vertx.setTimer(bounds.statementTime().toMillis(), late -> answer.fail(mode.late(bounds)));
    return Future.<Void>succeededFuture()
        .compose(admitted -> service.execute(statement, answer))
        .onComplete(
            end -> {
              admission.leave();
              vertx.cancelTimer(timer);
            })
        .onSuccess(answer::succeed)
        .recover(
            failure -> {
              answer.fail(Problems.of(failure));
              return Future.succeededFuture();
            })
        .mapEmpty();
  }

  private StatementRequest request(
      HttpServerRequest request, Identity identity, StatementBody body) {
    Bytes sql = BoundSql.of(body.sql(), body.literals());
    Optional<WriteId> idempotent =
        mode == Mode.QUERY
            ? Optional.empty()
            : IdempotencyKey.of(request)
                .map(key -> key.writeId(identity.account(), body.database(), sql));
    return new StatementRequest(
        identity, body.database(), sql, idempotent, mode == Mode.QUERY, token(request));
  }

  private static Seq token(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader(Answer.SEQ_HEADER))
        .map(StatementHandler::seq)
        .orElse(Seq.NONE);
  }

  private static Seq seq(String header) {
    try {
      return new Seq(Long.parseLong(header.trim()));
    } catch (IllegalArgumentException notANumber) {
      throw new ProblemException(
          ProblemType.MALFORMED_REQUEST, Answer.SEQ_HEADER + " is not a seq");
    }
  }
}
