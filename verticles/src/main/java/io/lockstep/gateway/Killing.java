package io.lockstep.gateway;

import io.lockstep.model.KillAnswer;
import io.lockstep.model.KillAsked;
import io.lockstep.model.MySqlError;
import io.vertx.core.Future;

/** Ends another session, wherever in the cluster it is, by the id that its client was told. */
final class Killing {
  private static final int DIGITS_MAX = 18;

  static final MySqlError INTERRUPTED =
      new MySqlError(1317, "70100", "Query execution was interrupted");

  private static final MySqlError KILLED = new MySqlError(1927, "70100", "Connection was killed");

  private final Session session;

  Killing(Session session) {
    this.session = session;
  }

  Future<Void> kill(String expression, boolean queryOnly, Answer answer) {
    String target = expression.replaceFirst("^(['\"])(.*)\\1$", "$2");
    String lower = target.replaceAll("\\s", "").toLowerCase(java.util.Locale.ROOT);
    if (lower.equals("connection_id()") || lower.equals("(connection_id())")) {
      return kill(session.state().connectionId(), queryOnly, answer);
    }
    if (target.isEmpty()
        || target.length() > DIGITS_MAX
        || !target.chars().allMatch(Character::isDigit)) {
      return session.refuse(
          answer, MySqlError.notSupported("KILL by anything but a connection's id"));
    }
    return kill(Long.parseLong(target), queryOnly, answer);
  }

  Future<Void> kill(long id, boolean queryOnly, Answer answer) {
    if (id == session.state().connectionId()) {
      return suicide(queryOnly, answer);
    }
    String user = session.identity().user();
    return session
        .parts()
        .sessions()
        .killAnywhere(new KillAsked(id, queryOnly, user, false))
        .compose(
            first ->
                first == KillAnswer.NOT_OWNER
                    ? asAnybody(new KillAsked(id, queryOnly, user, true))
                    : Future.succeededFuture(first))
        .compose(result -> told(result, id, answer));
  }

  private Future<KillAnswer> asAnybody(KillAsked asked) {
    return new GrantsReading(session)
        .grants()
        .compose(
            grants ->
                grants.global("CONNECTION ADMIN") || grants.global("SUPER")
                    ? session.parts().sessions().killAnywhere(asked)
                    : Future.succeededFuture(KillAnswer.NOT_OWNER));
  }

  private Future<Void> told(KillAnswer result, long id, Answer answer) {
    return switch (result) {
      case DONE -> session.ok(answer, 0);
      case UNKNOWN ->
          session.refuse(answer, new MySqlError(1094, "HY000", "Unknown thread id: " + id));
      case NOT_OWNER ->
          session.refuse(
              answer, new MySqlError(1095, "HY000", "You are not owner of thread " + id));
    };
  }

  /** Its own statement is this one; its own connection ends behind the answer. */
  private Future<Void> suicide(boolean queryOnly, Answer answer) {
    Future<Void> told = session.refuse(answer, queryOnly ? INTERRUPTED : KILLED);
    if (!queryOnly) {
      session
          .parts()
          .ports()
          .connections()
          .find(session.state().connectionId())
          .ifPresent(own -> own.kill(false));
    }
    return told;
  }
}
